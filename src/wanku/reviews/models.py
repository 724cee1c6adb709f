"""Reviews of lines that were received."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wanku.orders.models import Line, Order


class Review(models.Model):
    """One review of one line, with one reply and one follow-up.

    Attributes:
        goods, service, delivery: scores from one to five.
        author_name: masked name as it is shown.
        hidden_because: rule or law for which it was hidden; shown in its place, never silently removed.
    """

    line = models.OneToOneField(Line, on_delete=models.PROTECT, related_name="review")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    merchant_id = models.BigIntegerField()
    product_id = models.BigIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    author_name = models.CharField(max_length=60)
    label = models.CharField(max_length=200, blank=True)
    goods = models.PositiveSmallIntegerField()
    service = models.PositiveSmallIntegerField()
    delivery = models.PositiveSmallIntegerField()
    text = models.TextField(_("review"), max_length=1000, blank=True)
    written_at = models.DateTimeField()
    follow_up = models.TextField(max_length=1000, blank=True)
    followed_up_at = models.DateTimeField(null=True)
    reply = models.TextField(max_length=1000, blank=True)
    replied_at = models.DateTimeField(null=True)
    replied_by = models.BigIntegerField(null=True)
    hidden_because = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("review")
        ordering = ["-written_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(goods__range=(1, 5), service__range=(1, 5), delivery__range=(1, 5)),
                name="review_scores",
            )
        ]
        indexes = [
            models.Index(fields=["product_id", "-written_at"], name="review_product"),
            models.Index(fields=["merchant_id", "-written_at"], name="review_merchant"),
        ]


class ReviewPicture(models.Model):
    """A picture in a review; at most nine."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="pictures")
    picture_id = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    in_follow_up = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
