"""The category tree of the demo."""

from wanku.catalog.models import ReturnRule

NO_REASON, EXCLUDABLE, NEVER = ReturnRule.NO_REASON, ReturnRule.EXCLUDABLE, ReturnRule.NEVER

Node = tuple[str, str, str, str, str, ReturnRule, int]

TREE: tuple[tuple[Node, tuple[Node, ...]], ...] = (
    (
        ("food", "茶与美食", "茶與美食", "Tea & food", "coffee", EXCLUDABLE, 7),
        (
            ("tea", "茶叶", "茶葉", "Tea", "leaf", EXCLUDABLE, 7),
            ("teaware", "茶具", "茶具", "Teaware", "cup-soda", NO_REASON, 7),
            ("snacks", "零食点心", "零食點心", "Snacks", "cookie", EXCLUDABLE, 7),
            ("fresh", "生鲜水果", "生鮮水果", "Fresh fruit", "apple", NEVER, 0),
            ("meals", "餐饮外卖", "餐飲外送", "Meals", "utensils", NEVER, 0),
        ),
    ),
    (
        ("home", "家居生活", "家居生活", "Home", "sofa", NO_REASON, 7),
        (
            ("furniture", "家具", "家具", "Furniture", "armchair", NO_REASON, 7),
            ("kitchen", "厨房", "廚房", "Kitchen", "cooking-pot", NO_REASON, 7),
            ("decor", "装饰与绿植", "裝飾與綠植", "Decor & plants", "flower-2", NO_REASON, 7),
        ),
    ),
    (
        ("fashion", "服饰箱包", "服飾箱包", "Fashion & bags", "shirt", NO_REASON, 15),
        (
            ("clothes", "服装", "服裝", "Clothes", "shirt", NO_REASON, 15),
            ("shoes", "鞋靴", "鞋靴", "Shoes", "footprints", NO_REASON, 15),
            ("bags", "箱包", "箱包", "Bags", "backpack", NO_REASON, 7),
        ),
    ),
    (
        ("digital", "数码", "數碼", "Digital", "headphones", NO_REASON, 7),
        (
            ("audio", "耳机音响", "耳機音響", "Audio", "headphones", EXCLUDABLE, 7),
            ("computer", "电脑外设", "電腦外設", "Computer gear", "keyboard", NO_REASON, 7),
            ("camera", "摄影摄像", "攝影攝像", "Cameras", "camera", EXCLUDABLE, 7),
            ("software", "软件与会员", "軟體與會員", "Software & passes", "key-round", NEVER, 0),
        ),
    ),
    (
        ("beauty", "美妆个护", "美妝個護", "Beauty & care", "sparkles", EXCLUDABLE, 7),
        (
            ("skincare", "护肤", "護膚", "Skin care", "droplets", EXCLUDABLE, 7),
            ("care", "个人护理", "個人護理", "Personal care", "bath", EXCLUDABLE, 7),
        ),
    ),
    (
        ("kids", "母婴玩具", "母嬰玩具", "Kids & toys", "baby", NO_REASON, 7),
        (
            ("toys", "玩具", "玩具", "Toys", "puzzle", NO_REASON, 7),
            ("baby", "婴童用品", "嬰童用品", "Baby care", "baby", EXCLUDABLE, 7),
        ),
    ),
    (
        ("outdoor", "运动户外", "運動戶外", "Sports & outdoors", "tent", NO_REASON, 7),
        (
            ("camping", "露营", "露營", "Camping", "tent", NO_REASON, 7),
            ("sports", "运动", "運動", "Sports", "dumbbell", NO_REASON, 7),
        ),
    ),
    (
        ("study", "图书文具", "圖書文具", "Books & stationery", "book-open", NO_REASON, 7),
        (
            ("books", "图书", "圖書", "Books", "book-open", NO_REASON, 7),
            ("stationery", "文具", "文具", "Stationery", "pen-tool", NO_REASON, 7),
        ),
    ),
    (
        ("pets", "宠物", "寵物", "Pets", "paw-print", NO_REASON, 7),
        (
            ("pet-food", "宠物食品", "寵物食品", "Pet food", "bone", EXCLUDABLE, 7),
            ("pet-goods", "宠物用品", "寵物用品", "Pet goods", "paw-print", NO_REASON, 7),
        ),
    ),
    (
        ("travel", "旅行住宿", "旅行住宿", "Travel & stays", "luggage", NEVER, 0),
        (
            ("stays", "酒店民宿", "飯店民宿", "Hotels & stays", "bed-double", NEVER, 0),
            ("flights", "机票车票", "機票車票", "Flights & trains", "plane", NEVER, 0),
            ("tours", "跟团与一日游", "跟團與一日遊", "Tours", "map", NEVER, 0),
        ),
    ),
    (
        ("services", "生活服务", "生活服務", "Services", "hand-heart", NEVER, 0),
        (
            ("home-services", "上门服务", "到府服務", "At your home", "house", NEVER, 0),
            ("salon", "美容美发", "美容美髮", "Hair & beauty", "scissors", NEVER, 0),
        ),
    ),
)
"""``(slug, zh-Hans, zh-Hant, en, icon, return rule, days)`` with children."""
