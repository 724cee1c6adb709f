"""Tables through the pages: looked at, taken over, got back."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import category_of
from wanku.catalog.models import ImportFile, Product
from wanku.catalog.sheets.parse import parse
from wanku.catalog.sheets.read_table import read_table

TABLE = "handle,title,category,sku,price\ntea,龙井,home,T-1,128\nbad,坏,home,B-1,x\n"


def send(client: Client, data: bytes, **more: str) -> str:
    answer = client.post("/desk/bo/products/import/", {"file": SimpleUploadedFile("t.csv", data), **more})
    assert answer.status_code == 303, answer.context["errors"]
    return str(answer["Location"])


def test_preview_then_take_over_then_again(owner: Client) -> None:
    category_of()
    where = send(owner, TABLE.encode("gb18030"))
    page = owner.get(where)
    assert (page.context["creates"], page.context["changes"]) == (1, 1)
    assert "“x” is no price" in page.content.decode()
    assert not Product.objects.exists()
    assert owner.post(where + "commit/").status_code == 303
    assert Product.objects.get().title == "龙井"
    assert owner.get(where).context["file"].outcome["created"] == 1
    assert owner.get(send(owner, TABLE.encode())).context["same"] == 1


def test_files_that_are_none(owner: Client) -> None:
    for data in (b"", b"a,b\n1,2\n", b"PK\x03\x04junk", b"\x00" * 10, b"handle,title,price\n"):
        upload = {"file": SimpleUploadedFile("t.xlsx", data)} if data else {}
        page = owner.post("/desk/bo/products/import/", upload)
        assert page.status_code == 422
        assert "file" in page.context["errors"]
    assert not ImportFile.objects.exists()


def test_a_long_table_goes_on_by_itself(owner: Client) -> None:
    category_of()
    rows = "".join(f"p{i},P {i},home,P-{i},1\n" for i in range(150))
    where = send(owner, ("handle,title,category,sku,price\n" + rows).encode())
    page = owner.post(where + "commit/")
    assert page.status_code == 200
    assert page.context["file"].outcome["next"] == 100
    assert b'hx-trigger="load' in page.content
    assert owner.post(where + "commit/", HTTP_HX_REQUEST="true").context["file"].outcome["created"] == 150


def test_template_and_export_fit_the_import(owner: Client) -> None:
    category_of("tea", path="food/tea")
    for form in ("csv", "xlsx"):
        data = owner.get(f"/desk/bo/products/template.{form}")
        assert data["Content-Disposition"].startswith("attachment")
        assert not parse(read_table(data.content)).faults
        where = send(owner, data.content)
        owner.post(where + "commit/")
        assert owner.get(send(owner, owner.get(f"/desk/bo/products/export.{form}").content)).context["same"] == 1
