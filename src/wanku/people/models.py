"""Persons: one account for a human, whatever sides they use."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class PersonManager(BaseUserManager["Person"]):
    """Creates persons with a normalised address and a hashed password."""

    def create_user(
        self, *, email: str | None = None, phone: str | None = None, password: str | None = None, **fields: Any
    ) -> "Person":
        """Create a person reachable by at least one of e-mail and phone (E.164).

        Raises:
            ValueError: neither was given.
        """
        if not email and not phone:
            raise ValueError("a person needs an e-mail address or a phone number")
        person = self.model(email=email.lower() if email else None, phone=phone or None, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """A human with an account.

    Attributes:
        email: lower case, or none.
        phone: E.164 such as ``+8613800138000``, or none.
        language: for notices; pages follow the reader's switch.
        zone: IANA name, for dates in notices and pages.
    """

    email = models.EmailField(_("e-mail"), null=True, unique=True)  # noqa: DJ001 many have none, and it is unique
    phone = models.CharField(_("phone"), max_length=16, null=True, unique=True)  # noqa: DJ001
    phone_verified = models.BooleanField(default=False)
    name = models.CharField(_("name"), max_length=60, blank=True)
    language = models.CharField(max_length=8, default="zh-hans")
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_any_case"),
            models.CheckConstraint(
                condition=models.Q(email__isnull=False) | models.Q(phone__isnull=False), name="person_reachable"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.phone or ""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store addresses in one form: lower case, and nothing as nothing, since two empty texts would collide."""
        self.email = self.email.lower() if self.email else None
        self.phone = self.phone or None
        super().save(*args, **kwargs)

    # Django's own permission API is not used (see `wanku.access`); nobody has framework permissions.
    is_staff = False
    is_superuser = False


class Address(models.Model):
    """A delivery address in someone's address book; orders keep their own frozen copy."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="addresses")
    name = models.CharField(_("recipient"), max_length=60)
    phone = models.CharField(_("phone"), max_length=20)
    province = models.CharField(_("province"), max_length=40)
    city = models.CharField(_("city"), max_length=40)
    district = models.CharField(_("district"), max_length=40, blank=True)
    line = models.CharField(_("street and number"), max_length=200)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    is_default = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("address")
        ordering = ["-is_default", "-updated_at"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(is_default=True), name="address_one_default")
        ]

    def frozen(self) -> dict[str, str]:
        """The copy that an order keeps."""
        fields = ("name", "phone", "province", "city", "district", "line", "postcode")
        return {f: getattr(self, f) for f in fields}
