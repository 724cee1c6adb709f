"""The people of the demo, and what the start page tells of them."""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from wanku.access.actor import Actor
from wanku.access.models import PlatformRole, PlatformSeat
from wanku.audit.record import record
from wanku.flows.integrating.set_channel import set_channel
from wanku.people.models import Address, Person
from wanku.runner.demo._clock import START
from wanku.runner.demo._sign_ins import PASSWORD

BUYERS = (
    ("ann@demo.example", "安然", ("浙江省", "杭州市", "西湖区", "文三路 90 号 3 幢 402")),
    ("lin@demo.example", "林深", ("上海市", "上海市", "徐汇区", "永嘉路 500 弄 12 号")),
    ("gao@demo.example", "高远", ("北京市", "北京市", "东城区", "五道营胡同 18 号")),
    ("xia@demo.example", "夏至", ("四川省", "成都市", "武侯区", "玉林西路 7 号")),
    ("zhou@demo.example", "周末", ("广东省", "深圳市", "南山区", "科技园南区 9 栋")),
    ("he@demo.example", "何田田", ("湖南省", "长沙市", "岳麓区", "麓山南路 36 号")),
)
OPERATORS = (
    ("di@demo.example", "狄仁", tuple(PlatformRole)),
    ("finance@demo.example", "费娜", (PlatformRole.FINANCE,)),
    ("support@demo.example", "舒坦", (PlatformRole.FIRST_LINE,)),
)
STAFF = (
    ("bo-manager@demo.example", "小满", "manager"),
    ("bo-clerk@demo.example", "小仓", "clerk"),
    ("bo-finance@demo.example", "小账", "finance"),
    ("bo-service@demo.example", "小客", "service"),
)
ACCOUNT = {
    "holder": "玩酷演示（上海）网络有限公司",
    "bank": "演示银行上海徐汇支行",
    "account": "6200 0000 0000 0000 018",
    "bank_code": "308290000001",
    "currency": "CNY",
}
_HASH: list[str] = []


def person_of(email: str, name: str) -> Person:
    """A person with a confirmed address and the demo's password, hashed once for all of them."""
    if not _HASH:
        _HASH.append(make_password(PASSWORD))
    person = Person(email=email, name=name, password=_HASH[0])
    person.save()
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def buyers() -> list[tuple[Actor, Person, dict[str, str]]]:
    """The members, each with an address."""
    found = []
    for index, (email, name, (province, city, district, line)) in enumerate(BUYERS):
        person = person_of(email, name)
        address = Address.objects.create(
            person=person,
            name=name,
            phone=f"+86138001380{index:02d}",
            province=province,
            city=city,
            district=district,
            line=line,
            is_default=True,
        )
        found.append((Actor(person_id=person.pk), person, address.frozen()))
    return found


def operators() -> Actor:
    """The platform's people; the administrator's actor."""
    actors = []
    for email, name, roles in OPERATORS:
        person = person_of(email, name)
        PlatformSeat.objects.bulk_create(PlatformSeat(person=person, role=role, since=START) for role in roles)
        record(
            "seat_platform_staff",
            actor_id=None,
            subject_type="person",
            subject_id=person.pk,
            because="demo",
            facts={"roles": [str(role) for role in roles]},
            now=START,
        )
        actors.append(Actor(person_id=person.pk, platform=frozenset(str(role) for role in roles)))
    return actors[0]


def bank_account(operator: Actor) -> None:
    """An account that buyers can transfer to; it is invented, as everything here."""
    set_channel("transfer", public=ACCOUNT, secret={}, actor=operator, because="demo", now=START)
