"""What can be chosen with a dish."""

from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kernel.text import clean
from wanku.kinds.meal.models import Dish, Group, Option
from wanku.kinds.meal.rules import GroupData


def write_groups(dish: Dish, groups: tuple[GroupData, ...]) -> None:
    """Groups and options keep their ids by name, so that what lies in carts stays good.

    Raises:
        Refusal: ``not_found`` for a course that is no dish of this shop.
    """
    mine = set(Dish.objects.filter(merchant=dish.merchant_id).values_list("pk", flat=True))
    known = {group.name: group for group in Group.objects.filter(dish=dish)}
    names = [clean(group.name) for group in groups]
    Group.objects.filter(pk__in=[group.pk for name, group in known.items() if name not in names]).delete()
    for place, (name, data) in enumerate(zip(names, groups, strict=True)):
        group = known.get(name) or Group(dish=dish, merchant_id=dish.merchant_id, name=name)
        group.least, group.most, group.position = data.least, data.most, place
        group.save()
        options = {option.name: option for option in Option.objects.filter(group=group)}
        wanted = [clean(option.name) for option in data.options]
        Option.objects.filter(pk__in=[row.pk for one, row in options.items() if one not in wanted]).delete()
        for at, (one, each) in enumerate(zip(wanted, data.options, strict=True)):
            if each.of is not None and each.of not in mine:
                raise Refusal(NOT_FOUND, field=f"groups.{place}.options.{at}.of")
            row = options.get(one) or Option(group=group, merchant_id=dish.merchant_id, name=one)
            row.price, row.of_id, row.position = each.price, each.of, at
            row.save()
