from django.apps import AppConfig


class MerchantDeskConfig(AppConfig):
    name = "wanku.merchant_desk"
    label = "merchant_desk"
