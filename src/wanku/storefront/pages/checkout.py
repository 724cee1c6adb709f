"""The checkout: one page from what is chosen to an order that waits for its payment."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wanku.access.actor import Actor
from wanku.carts.queries import read_cart
from wanku.flows.buying.change_cart import CartChange, change_cart
from wanku.flows.buying.keep_address import keep_address
from wanku.flows.buying.place_order import Checkout, Contact, Placed, place_order
from wanku.kernel.refusal import KEY_REUSED, Refusal
from wanku.kinds.forms import choice_text, collect
from wanku.payments.gateways import available
from wanku.people.models import Address, Person
from wanku.pricing.quote import LINES_MAX, Wish
from wanku.storefront.forms import CheckoutForm, one_of_provinces
from wanku.storefront.place import ways_to_pay
from wanku.storefront.read.checkout import (
    CheckoutView,
    address_book,
    line_of,
    person_of,
    pictures_of,
    placed_before,
    read_checkout,
)
from wanku.storefront.read.room import turns_of
from wanku.storefront.read.wishes import read_wishes, wish_text
from wanku.storefront.typed import whole_number
from wanku.ui.actor import ensure_guest
from wanku.ui.request import Request
from wanku.ui.words import refusal_text

NEW = "new"
# Where the flow's field names stand in the form.
FIELDS = {"contact.name": "name", "contact.phone": "phone", "contact.email": "email"}
KEY_LENGTH = 24


@require_http_methods(["GET", "POST"])
def checkout(request: Request) -> HttpResponse:
    """Show the checkout, or place the order.

    The address carries the request key, so that reload, back and a double click all mean the same order.
    """
    key = request.GET.get("key", "")
    if not key:
        query = request.GET.copy()
        query["key"] = secrets.token_urlsafe(KEY_LENGTH)
        return redirect(f"{reverse('storefront:checkout')}?{query.urlencode()}")
    # A form that is sent again needs no look: placing finds its key and gives the same order.
    earlier = placed_before(request.actor, key) if request.method == "GET" else None
    if earlier is not None:
        messages.info(request, _("This order is already placed. Here it is."))
        return redirect("storefront:pay", earlier.number)
    state = _state(request, key)
    if not state.wishes:
        messages.info(request, _("Nothing is chosen for the checkout yet."))
        return redirect("storefront:cart")
    if request.method == "POST":
        return _place(request, state)
    return _show(request, state)


@require_POST
def checkout_sum(request: Request) -> HttpResponse:
    """The sum for the address that is chosen at the moment."""
    state = _state(request, request.GET.get("key", ""))
    view = read_checkout(state.wishes, address=state.where, now=request.now)
    shown = {"view": view, "swap": True, "pay_seconds": view.pay_seconds}
    return render(request, "storefront/buy/checkout_sum.html", shown)


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a checkout at one request.

    Attributes:
        saved: the chosen address of the book.
        where: where it goes, as far as it is known.
        view: the checkout as it is shown, if it was priced already.
    """

    key: str
    wishes: tuple[Wish, ...]
    form: CheckoutForm
    book: Sequence[Address]
    saved: Address | None
    person: Person | None
    from_cart: bool
    where: Mapping[str, str]
    view: CheckoutView | None

    @property
    def uses_book(self) -> bool:
        """Whether the address comes from the book."""
        return self.saved is not None


def _state(request: Request, key: str) -> State:
    actor, posted = request.actor, request.POST if request.method == "POST" else None
    bought = request.GET.getlist("buy")
    if posted is not None:
        wishes = read_wishes(posted.getlist("wish"))
    elif bought:
        wishes = read_wishes(bought)
    else:
        wishes = tuple(item.wish for item in read_cart(actor, now=request.now).chosen)
    if posted is not None:
        wishes = tuple(replace(w, details=choice_text(collect(posted, f"details.{n}"))) for n, w in enumerate(wishes))
    book = address_book(actor)
    saved = _chosen(book, posted)
    person = person_of(actor)
    where = _where(posted, saved)
    # A form with an address need not be asked whether it needs one; the page prices only once.
    view = None
    if wishes and (posted is None or (saved is None and not posted.get("line", "").strip())):
        view = read_checkout(wishes, address=where, now=request.now)
    needs_address = view is None or view.needs_address
    initial = _initial(person, needs_address=needs_address)
    form = CheckoutForm(posted, initial=initial, uses_book=saved is not None, needs_address=needs_address)
    return State(key, wishes, form, book, saved, person, from_cart=not bought, where=where, view=view)


def _where(posted: QueryDict | None, saved: Address | None) -> Mapping[str, str]:
    """Where it goes, as far as it is known."""
    if saved is not None:
        return saved.frozen()
    typed = posted if posted is not None else QueryDict()
    rest = {name: typed.get(name, "").strip() for name in ("city", "district")}
    return {**rest, "province": one_of_provinces(typed.get("province", "")) or ""}


def _chosen(book: Sequence[Address], posted: QueryDict | None) -> Address | None:
    """The address of the book that is chosen; at first the usual one."""
    if posted is None:
        return book[0] if book else None
    wanted = posted.get("saved", NEW)
    return next((address for address in book if str(address.pk) == wanted), None)


def _initial(person: Person | None, *, needs_address: bool) -> Mapping[str, str]:
    if person is None:
        return {}
    known = {"name": person.name, "phone": person.phone or "", "email": person.email or ""}
    return known if needs_address else {**known, "contact_name": person.name, "contact_phone": person.phone or ""}


def _place(request: Request, state: State) -> HttpResponse:
    form = state.form
    if not form.is_valid():
        return _show(request, state, status=422)
    ensure_guest(request)
    try:
        placed = place_order(_checkout(request, state), now=request.now)
    except Refusal as no:
        return _show(request, state, refusal=no, status=no.code.status if no.code.status != 409 else 422)
    _after(request, state, placed)
    return redirect(f"{reverse('storefront:pay', args=[placed.number])}{chosen_method(request.POST)}")


def chosen_method(post: MultiValueDict[str, str]) -> str:
    """The way to pay that was chosen, if it is one, for the address of the pay page."""
    method = post.get("pay_by", "")
    known = any(method == f"{gateway}:{name}" for gateway, name, _way in available())
    return f"?method={method}" if known else ""


def _checkout(request: Request, state: State) -> Checkout:
    address = state.saved.frozen() if state.saved is not None else state.form.address()
    language = get_language() or "zh-hans"
    return checkout_of(
        request.POST,
        actor=request.actor,
        key=state.key,
        wishes=state.wishes,
        typed=state.form.cleaned_data,
        address=address,
        person=state.person,
        language=language,
    )


def checkout_of(
    post: MultiValueDict[str, str],
    *,
    actor: Actor,
    key: str,
    wishes: tuple[Wish, ...],
    typed: Mapping[str, str],
    address: Mapping[str, str],
    person: Person | None,
    language: str,
) -> Checkout:
    """What a form asks for.

    Args:
        typed: ``contact_name``, ``contact_phone``, ``email``; where they are empty, the person's own or the address's
            are taken.
    """
    total = whole_number(post.get("agreed_total", ""))
    own_phone = (person.phone if person else "") or ""
    return Checkout(
        actor=actor,
        key=key,
        wishes=wishes,
        contact=Contact(
            name=typed["contact_name"] or address["name"],
            phone=typed["contact_phone"] or own_phone or address["phone"],
            email=typed["email"] or (person.email if person else "") or "",
        ),
        address=address,
        notes=_notes(post),
        agreed_total=-1 if total is None else total,
        language=language,
        agreed_no_return=frozenset(_ticked(post)),
    )


def _notes(post: MultiValueDict[str, str]) -> dict[int, str]:
    notes = {name.removeprefix("note_"): str(post[name]) for name in post if name.startswith("note_")}
    return {merchant: note for text, note in notes.items() if (merchant := whole_number(text)) is not None}


def _ticked(post: MultiValueDict[str, str]) -> set[int]:
    """Variants for which "no return once opened" is ticked."""
    found = (whole_number(text) for text in post.getlist("no_return")[:LINES_MAX])
    return {variant for variant in found if variant is not None}


def _after(request: Request, state: State, placed: Placed) -> None:
    """What was bought leaves the cart; a new address enters the book when the buyer asked for it."""
    if state.from_cart and not placed.repeated:
        leave_cart(state.wishes, actor=request.actor, now=request.now)
    if state.form.cleaned_data["keep"] and request.actor.is_member and not state.uses_book and not placed.repeated:
        try:
            keep_address(state.form.address(), actor=request.actor, now=request.now)
        except Refusal as no:
            messages.warning(request, refusal_text(no))


def leave_cart(wishes: Sequence[Wish], *, actor: Actor, now: datetime) -> None:
    """What was bought is no longer in the cart."""
    bought = set(wishes)
    gone = [item.id for item in read_cart(actor, now=now).items if item.wish in bought]
    change_cart(CartChange(removed=gone), actor=actor, now=now)


def _show(request: Request, state: State, *, refusal: Refusal | None = None, status: int = 200) -> HttpResponse:
    """The page, with whatever was typed and everything that is wrong with it."""
    view = state.view or read_checkout(state.wishes, address=state.where, now=request.now)
    errors = _mark(state.form, view, refusal) if refusal is not None else []
    key = state.key
    if refusal is not None and refusal.code == KEY_REUSED:
        # The key made another order already; whoever submits again means a new one.
        key = secrets.token_urlsafe(KEY_LENGTH)
        errors = [_("You have already ordered from this page. If you submit again, it will be a second order.")]
    query = request.GET.copy()
    query["key"] = key
    posted = request.POST if request.method == "POST" else QueryDict()
    context = {
        "view": view,
        "pay_seconds": view.pay_seconds,
        "asked": _asked_details(posted),
        "detail_errors": _detail_errors(refusal),
        "wishes": [wish_text(wish) for wish in state.wishes],
        "form": state.form,
        "book": state.book,
        "saved": state.saved,
        "pictures": pictures_of(view),
        "turns": turns_of((line.line.offer for part in view.parts for line in part.lines), request.actor),
        "errors": errors,
        "query": query.urlencode(),
        "methods": ways_to_pay(request, view.quote.currency),
        "method": posted.get("pay_by", ""),
        "notes": {k: str(v) for k, v in posted.items() if k.startswith("note_")},
        "ticked": _ticked(posted),
        "earlier": placed_before(request.actor, state.key) if refusal is not None else None,
    }
    return render(request, "storefront/buy/checkout.html", context, status=status)


def _asked_details(posted: QueryDict) -> dict[str, str]:
    """What was typed of the questions of lines, by field name."""
    return {name: str(value) for name, value in posted.items() if name.startswith("details.")}


def _detail_errors(refusal: Refusal | None) -> dict[str, str]:
    """What is wrong with it, by field name: ``lines.0.details.guest`` is asked as ``details.0.guest``."""
    found = {}
    for each in refusal.every() if refusal is not None else ():
        match (each.field or "").split("."):
            case ["lines", index, "details", *path]:
                found[".".join(("details", index, *path))] = refusal_text(each)
    return found


def _mark(form: CheckoutForm, view: CheckoutView, refusal: Refusal) -> list[str]:
    """Put refusals beside their fields; those without one come back for the top of the page."""
    shown = {fault for part in view.parts for line in part.lines for fault in line.faults} | set(view.faults)
    rest = []
    for each in (refusal, *refusal.also):
        words, field = refusal_text(each), each.field or ""
        name = FIELDS.get(field) or field.removeprefix("address.")
        if name in form.fields:
            form.add_error(name, words)
        elif line_of(each) < 0 or words not in shown:
            rest.append(words)
    return list(dict.fromkeys(rest))
