"""Tables in, products out; every fault in its row and column."""

import io

import pytest
from openpyxl import Workbook

from wanku.catalog.sheets.html_text import html_text
from wanku.catalog.sheets.parse import parse
from wanku.catalog.sheets.products import Sheet, equal, merged
from wanku.catalog.sheets.read_table import BYTES_MAX, ROWS_MAX, escaped, read_table, unescaped
from wanku.catalog.sheets.write_table import as_csv, as_workbook
from wanku.kernel.refusal import Refusal

OURS = """handle,title,category,state,option1_name,option1_value,sku,price,list_price,stock,weight_g,parameters,\
add_ons,pictures,junk
tea,龙井,food/tea,on_sale,规格,100g,T-1,128.00,168,40,150,产地=杭州,礼盒=5,https://a.example/1.jpg 茶叶,x
tea,,,,规格,200g,T-2,"1,228.00",,0,300,,,,
cup,杯子,home,,,,C-1,￥１２.５０,,,,,,,
"""
SHOPIFY = """Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,\
Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Variant Compare At Price,\
Variant Barcode,Image Src,Image Position,Image Alt Text,Gift Card,Status
shirt,Shirt,"<p>Soft &amp; <b>warm</b></p><ul><li>wool</li></ul><script>x()</script>",Cy,Clothes,"new, warm",TRUE,Size,S,Colour,Red,,200.0,5,19.00,0.00,'690123,https://cdn.example/2.jpg,2,back,FALSE,active
shirt,,,,,,,,M,,Red,SH-M,220,-3,19.00,15.00,,https://cdn.example/1.jpg,1,front,,
shirt,,,,,,,,,,,,,,,,,https://cdn.example/3.jpg,3,,,
mug,Mug,,,Home & Garden > Mugs,,FALSE,Title,Default Title,,,MUG,0,1,8.00,,,,,,,draft
"""


def sheet(text: str, encoding: str = "utf-8") -> Sheet:
    return parse(read_table(text.encode(encoding)))


def codes(found: Sheet) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.refusal.code.name) for fault in found.faults]


def refused(data: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        parse(read_table(data))
    return caught.value.code.name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_our_own_form(encoding: str) -> None:
    found = sheet(
        OURS.replace("tea,,,,,,,,,,,,,,\n", "").replace("￥", "¥" if encoding == "gb18030" else "￥"), encoding
    )
    assert not found.faults
    assert found.form == "wanku"
    assert found.ignored == ("junk",)
    tea, cup = found.products
    assert tea.options == ("规格",)
    assert [(v.sku, v.values, v.fields["price"]) for v in tea.variants] == [
        ("T-1", ("100g",), 12800),
        ("T-2", ("200g",), 122800),
    ]
    assert tea.variants[0].fields["list_price"] == 16800
    assert tea.fields["parameters"] == (("产地", "杭州"),)
    assert tea.fields["add_ons"] == (("礼盒", 500),)
    assert tea.fields["pictures"] == (("https://a.example/1.jpg", "茶叶"),)
    assert cup.options == ()
    assert cup.variants[0].fields["price"] == 1250
    assert "stock" not in cup.variants[0].fields


def test_faults_name_row_and_column_and_what_is_right() -> None:
    found = sheet(
        "handle,title,sku,price,list_price,stock,option1_name,option1_value,arrives_days_min,arrives_days_max,state\n"
        "a,,A,1,,,,,,,\n"
        "b,B,B-1,12.345,,,,,,,\n"
        "c,C,C-1,10,9,,,,,,\n"
        "d,D,D-1,10,,-1,,,9,2,\n"
        "e,E,E-1,10,,,Size,,,,\n"
        "f,F,A,10,,,,,,,sold\n"
        "g,G,G-1,10,,,Size,S,,,\n"
        "g,,G-2,10,,,Size,S,,,\n"
        "h,H,,10,,,,,,,\n"
        ",I,I-1,10,,,,,,,\n"
        "j/1,J,J-1,10,,,,,,,\n"
        "k,K,K-1,0,,,,x,,,\n"
        "fine,Fine,OK,10,,,,,,,\n"
    )
    assert codes(found) == [
        (2, "title", "cell_missing"),
        (3, "price", "cell_no_price"),
        (4, "list_price", "list_below_price"),
        (5, "arrives_days_max", "days_swapped"),
        (5, "stock", "cell_no_number"),
        (6, "option1_value", "option_value_missing"),
        (7, "state", "cell_no_choice"),
        (7, "sku", "sku_twice"),
        (9, "option1_value", "values_twice"),
        (10, "sku", "cell_missing"),
        (11, "handle", "cell_missing"),
        (12, "handle", "bad_handle"),
        (13, "price", "cell_no_price"),
        (13, "option1_value", "option_name_missing"),
    ]
    assert [p.handle for p in found.products] == ["fine"]


def test_shopify() -> None:
    found = sheet(SHOPIFY)
    assert not found.faults, codes(found)
    assert found.form == "shopify"
    assert found.ignored == ("Gift Card",)
    shirt, mug = found.products
    assert shirt.fields["description"] == "Soft & warm\n• wool"
    assert shirt.fields["state"] == "on_sale"
    assert shirt.fields["category"] == "Clothes"
    assert shirt.fields["parameters"] == (("标签", "new, warm"),)
    assert shirt.fields["pictures"] == (
        ("https://cdn.example/1.jpg", "front"),
        ("https://cdn.example/2.jpg", "back"),
        ("https://cdn.example/3.jpg", ""),
    )
    assert shirt.options == ("Size", "Colour")
    assert [v.sku for v in shirt.variants] == ["shirt-s-red", "SH-M"]
    assert shirt.variants[0].fields == {
        "price": 1900,
        "list_price": None,
        "stock": 5,
        "weight_g": 200,
        "barcode": "690123",
    }
    assert shirt.variants[1].fields["list_price"] is None
    assert shirt.variants[1].fields["stock"] == 0
    assert mug.options == ()
    assert mug.fields["state"] == "draft"
    assert mug.fields["category"] == "Mugs"


def test_shopify_edition_of_2024() -> None:
    found = sheet(
        "Title,URL handle,Description,Status,SKU,Option1 name,Option1 value,Price,Compare-at price,Inventory quantity,"
        "Weight value (grams),Product image URL\nMug,mug,Nice,Active,M-1,Title,Default Title,8.00,9.50,3,120,\n"
    )
    assert not found.faults
    (mug,) = found.products
    assert mug.variants[0].fields == {"price": 800, "list_price": 950, "stock": 3, "weight_g": 120}


def test_round_trip_is_the_identity() -> None:
    told = sheet(
        "handle,title,description,option1_name,option1_value,sku,price,parameters,add_ons,stock\n"
        'x,"\'=1+1","-line\nsecond",Size,+1,=SKU,1.05,a\\=b=c=d,wrap=0.00,3\n'
        "x,,,Size,@2,00123,2,,,\n"
    )
    assert not told.faults, codes(told)
    (once,) = parse(read_table(as_csv(told.products))).products
    for data in (as_csv([once]), as_workbook([once], [("a", "b", "c", "d")])):
        again = parse(read_table(data))
        assert not again.faults
        assert equal(again.products[0], once)
    assert {n: once.fields[n] for n in told.products[0].fields} == told.products[0].fields
    assert [v.values for v in once.variants] == [("+1",), ("@2",)]
    assert [v.sku for v in once.variants] == ["=SKU", "00123"]
    assert told.products[0].fields["parameters"] == (("a=b", "c=d"),)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "'=1", "''", "plain", "", "it's", "'tis"])
def test_no_formula_leaves_and_all_come_back(text: str) -> None:
    assert not escaped(text).startswith(("=", "+", "-", "@"))
    assert unescaped(escaped(text)) == text


def test_numbers_in_a_workbook() -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in (
        ["handle", "title", "sku", "price", "stock"],
        ["a", "A", 123, 12.5, 3.0],
        [],
        ["b", "B", "007", 9, None],
    ):
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    found = parse(read_table(out.getvalue()))
    assert not found.faults
    assert [(p.variants[0].sku, p.variants[0].fields["price"]) for p in found.products] == [("123", 1250), ("007", 900)]


def test_files_that_are_no_tables() -> None:
    assert refused(b"") == "file_empty"
    assert refused(b"handle,title,price\n") == "file_empty"
    assert refused(b"\x89PNG\x00\x00") == "file_unreadable"
    assert refused(b"PK\x03\x04 not a zip") == "file_unreadable"
    assert refused(b"name,cost\nx,1\n") == "unknown_form"
    assert refused(b"handle,handle,title,price\na,b,c,1\n") == "twice_headed"
    assert refused(b"x" * (BYTES_MAX + 1)) == "file_too_big"
    assert refused(b"handle,title,price\n" + b"a,b,1\n" * (ROWS_MAX + 1)) == "too_many_rows"
    assert refused((",".join(f"c{i}" for i in range(200)) + "\n1\n").encode()) == "too_many_columns"
    assert refused(b"\xff\xfe\x00h\x00") == "file_unreadable"


def test_a_file_without_option_columns_leaves_the_options() -> None:
    now = sheet("handle,title,option1_name,option1_value,sku,price\nx,X,Size,S,A,1\nx,,Size,M,B,2\n").products[0]
    told = sheet("handle,title,sku,price,stock\nx,X,B,3,9\n").products[0]
    after = merged(now, told)
    assert after.options == ("Size",)
    assert {v.sku: (v.values, v.fields["price"]) for v in after.variants} == {"A": (("S",), 100), "B": (("M",), 300)}


def test_markup_to_text() -> None:
    assert html_text("plain") == "plain"
    assert html_text("<style>p{}</style><h1>A</h1>b<br>c<p>d &lt;e&gt;") == "A\nb\nc\nd <e>"
    assert html_text("<table><tr><td>a<td>b</table>") == "a b"
