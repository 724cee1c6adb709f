"""What is wrong with a file or one of its cells."""

from wanku.kernel.refusal import Code, gettext_noop

FILE_TOO_BIG = Code("file_too_big", gettext_noop("The file is larger than %(megabytes)s MB. Please split it."), 413)
FILE_EMPTY = Code("file_empty", gettext_noop("The file has no rows below its headings."), 422)
FILE_UNREADABLE = Code(
    "file_unreadable",
    gettext_noop("This is neither a CSV table nor an Excel workbook (.xlsx). Save it as one of these and try again."),
    422,
)
TOO_MANY_ROWS = Code(
    "too_many_rows", gettext_noop("The file has more than %(most)s rows. Please split it into several files."), 422
)
TOO_MANY_COLUMNS = Code("too_many_columns", gettext_noop("The file has more than %(most)s columns."), 422)
UNKNOWN_FORM = Code(
    "unknown_form",
    gettext_noop(
        "The headings are not those of a product table: “handle”, “title” and “price” are missing. The first row must "
        "hold the headings; the template shows them."
    ),
    422,
)
TWICE_HEADED = Code("twice_headed", gettext_noop("The heading “%(column)s” stands there twice."), 422)
CELL_MISSING = Code("cell_missing", gettext_noop("Please fill this in: %(example)s."), 422)
CELL_TOO_LONG = Code("cell_too_long", gettext_noop("At most %(most)s characters fit here; there are %(length)s."), 422)
CELL_NO_PRICE = Code(
    "cell_no_price", gettext_noop("“%(value)s” is no price. Write it like 12.50, above zero, without a unit."), 422
)
CELL_NO_NUMBER = Code(
    "cell_no_number",
    gettext_noop("“%(value)s” does not fit. Write a whole number from %(least)s to %(most)s."),
    422,
)
CELL_NO_CHOICE = Code("cell_no_choice", gettext_noop("“%(value)s” is not known here. Write one of: %(choices)s."), 422)
CELL_NO_PAIR = Code("cell_no_pair", gettext_noop("“%(value)s”: write one “name=value” on each line."), 422)
CELL_NO_ADDRESS = Code(
    "cell_no_address", gettext_noop("“%(value)s” is no picture address; it begins with https:// or http://."), 422
)
LIST_BELOW_PRICE = Code(
    "list_below_price", gettext_noop("The price before the reduction must be above the price, or empty."), 422
)
DAYS_SWAPPED = Code("days_swapped", gettext_noop("The last day of arrival lies before the first one."), 422)
SKU_TWICE = Code("sku_twice", gettext_noop("The SKU “%(sku)s” is already in row %(other)s."), 422)
VALUES_TWICE = Code("values_twice", gettext_noop("The choice “%(label)s” is already in row %(other)s."), 422)
OPTION_VALUE_MISSING = Code(
    "option_value_missing", gettext_noop("Each row needs a value for the option “%(option)s”."), 422
)
OPTION_NAME_MISSING = Code("option_name_missing", gettext_noop("There is a value, and no name of the option."), 422)
OPTION_TWICE = Code("option_twice", gettext_noop("Two options have the name “%(option)s”."), 422)
TOO_MANY_VARIANTS = Code("too_many_variants", gettext_noop("A product has at most %(most)s variants."), 422)
NO_VARIANT = Code("no_variant", gettext_noop("This product has no row with a price."), 422)
BAD_HANDLE = Code(
    "bad_handle",
    gettext_noop("“%(value)s” cannot stand in an address. Use letters, digits and hyphens, at most 80."),
    422,
)
SKU_ELSEWHERE = Code("sku_elsewhere", gettext_noop("The SKU “%(sku)s” belongs to your product “%(title)s”."))
UNKNOWN_CATEGORY = Code(
    "unknown_category",
    gettext_noop(
        "There is no category “%(value)s”. Write its path, for example “%(example)s”, or choose one for all such "
        "products above."
    ),
    422,
)
LESS_KIND = Code(
    "less_kind",
    gettext_noop("The category lets buyers return within %(days)s days without a reason; a shop may only be kinder."),
    422,
)
