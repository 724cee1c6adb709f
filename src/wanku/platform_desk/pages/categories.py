"""The category tree."""

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from wanku.access.can import Permission
from wanku.catalog.models import Category, ReturnRule
from wanku.catalog.write_category import CategoryData
from wanku.flows.policing.save_category import save_category
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.platform_desk.desk import act, page, show
from wanku.platform_desk.read.categories import tree
from wanku.ui.request import Request


class CategoryForm(forms.Form):
    """A category as an editor types it."""

    name_zh_hans = forms.CharField(label=gettext_lazy("Name, simplified Chinese"), max_length=40)
    name_zh_hant = forms.CharField(label=gettext_lazy("Name, traditional Chinese"), max_length=40, required=False)
    name_en = forms.CharField(label=gettext_lazy("Name, English"), max_length=40, required=False)
    slug = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=40,
        help_text=gettext_lazy("a-z, 0-9 and hyphens, e.g. hot-drinks"),
    )
    parent = forms.TypedChoiceField(label=gettext_lazy("Inside"), coerce=int, empty_value=None, required=False)
    icon = forms.CharField(
        label=gettext_lazy("Icon"), max_length=40, required=False, help_text=gettext_lazy("A Lucide name, e.g. coffee")
    )
    position = forms.IntegerField(
        label=gettext_lazy("Position"), min_value=0, max_value=10_000, initial=0,
        help_text=gettext_lazy("Smaller numbers come first.")
    )  # fmt: skip
    return_rule = forms.ChoiceField(label=gettext_lazy("Return rule"), choices=ReturnRule.choices)
    return_days = forms.IntegerField(label=gettext_lazy("Days to return"), min_value=7, max_value=90, initial=7)
    commission_bp = forms.IntegerField(
        label=gettext_lazy("Commission"), min_value=0, max_value=3000, required=False,
        help_text=gettext_lazy("In basis points: 300 is 3%. Empty takes the merchant’s own.")
    )  # fmt: skip
    is_open = forms.BooleanField(label=gettext_lazy("Shown to buyers"), required=False, initial=True)

    def data_of(self) -> CategoryData:
        """What was typed, for the flow."""
        typed = self.cleaned_data
        names = {"zh-hans": typed["name_zh_hans"], "zh-hant": typed["name_zh_hant"], "en": typed["name_en"]}
        same = ("slug", "icon", "position", "return_rule", "return_days", "commission_bp", "is_open")
        return CategoryData(names=names, parent_id=typed["parent"], **{name: typed[name] for name in same})


def _form(request: Request, category: Category | None) -> CategoryForm:
    initial = None
    if category is not None:
        same = ("slug", "icon", "position", "return_rule", "return_days", "commission_bp", "is_open")
        names = {f"name_{code.replace('-', '_')}": name for code, name in category.names.items()}
        initial = {**names, "parent": category.parent_id, **{name: getattr(category, name) for name in same}}
    form = CategoryForm(request.POST if request.method == "POST" else None, initial=initial)
    parents = [
        (str(node.category.pk), "　" * node.depth + node.category.name)
        for node in tree()
        if node.depth < 2 and (category is None or node.category.pk != category.pk)
    ]
    field = form.fields["parent"]
    if isinstance(field, forms.TypedChoiceField):
        field.choices = [("", _("Nothing: a main category")), *parents]
    return form


@require_safe
@page(Permission.CATEGORIES_EDIT)
def listing(request: Request) -> HttpResponse:
    """The tree."""
    return show(request, "categories.html", {"nodes": tree()})


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.CATEGORIES_EDIT)
def add(request: Request) -> HttpResponse:
    """A new category."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.CATEGORIES_EDIT)
def edit(request: Request, category_id: int) -> HttpResponse:
    """Change a category."""
    category = Category.objects.filter(pk=category_id).first()
    if category is None:
        raise Refusal(NOT_FOUND)
    return _edit(request, category)


def _edit(request: Request, category: Category | None) -> HttpResponse:
    form = _form(request, category)
    context = {"form": form, "category": category}
    if request.method != "POST":
        return show(request, "category.html", context)
    if not form.is_valid():
        response = show(request, "category.html", context)
        response.status_code = 422
        return response

    def again(problem: Refusal) -> HttpResponse:
        if problem.field in form.fields:
            form.add_error(problem.field, _(str(problem.facts["problem"])))
        return show(request, "category.html", context, problem=problem)

    return act(
        request,
        lambda: save_category(
            form.data_of(), category_id=category.pk if category else None, actor=request.actor, now=request.now
        ),
        done=_("The category was saved."),
        back=reverse("platform_desk:categories"),
        again=again,
    )
