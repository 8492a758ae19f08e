"""How long people wait: the way of each line of a programme, as its journal tells it, and the figures made of it."""

from django.db import models

from tirek.core.tables import Row
from tirek.entitlements.models import Line
from tirek.organisations.models import Organisation


class Journey(models.Model):
    """The way of a line from the day on which it could be ordered, or was to be bought, to its first receipt, as the
    journal of its term, of its orders and of its purchases tells it. Written by ``actions`` alone, from the journal
    alone: it can be forgotten and told anew.
    """

    line = models.OneToOneField(Line, on_delete=models.PROTECT, primary_key=True, related_name="+")
    opened_on = models.DateField(help_text="The term to order began: the person is entitled and has been told.")
    ordered_on = models.DateField(null=True, help_text="The first order, whatever became of it.")
    received_on = models.DateField(null=True, help_text="The first receipt.")
    left_on = models.DateField(null=True, help_text="The line ended without a receipt.")
    place = models.CharField(max_length=32, help_text="Where it is: to_order, a state of its order, received or left.")
    place_since = models.DateField()
    stays = models.JSONField(default=dict, help_text="Place → days spent there; the present place is not in it.")
    steps = models.PositiveSmallIntegerField(help_text="Acts of the person, or of who represents the person.")
    visits = models.PositiveSmallIntegerField(help_text="Days on which an officer acted for the person at a counter.")


class WaitingTime(models.Model):
    """One published figure: how long people wait for a kind in a region. Holds nothing that points to few people: what
    is told of fewer than five is empty, numbers of people are rounded.
    """

    id = models.BigAutoField(primary_key=True)
    kind_code = models.CharField(max_length=10, blank=True, help_text="Empty for all kinds together.")
    region_code = models.CharField(max_length=9, blank=True, help_text="КАТО code; empty for the republic.")
    measure = models.CharField(max_length=32, help_text="received, ordered, delivered, or in_ with a place.")
    people = models.IntegerField(null=True, help_text="Who began to wait in the period.")
    reached = models.IntegerField(null=True, help_text="Of them, those for whom it has ended.")
    waiting = models.IntegerField(null=True, help_text="Who waits now, whenever the wait began.")
    median = models.IntegerField(null=True, help_text="Days within which it ends for half of the people.")
    ninety = models.IntegerField(null=True, help_text="Days within which it ends for nine of ten.")
    waiting_median = models.IntegerField(null=True, help_text="Half of those who wait now have waited so many days.")
    waiting_longest = models.IntegerField(
        null=True, help_text="Days of the longest of these waits: at least fewest have lasted so long."
    )
    within = models.JSONField(default=list, help_text="Per cent for whom it ends within the days of rules.MARKS.")
    steps = models.IntegerField(null=True, help_text="Acts of the person from the beginning to the receipt, median.")
    visits = models.IntegerField(null=True, help_text="Visits of an office meanwhile, median.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind_code", "region_code", "measure"], name="insight_waitingtime_once")
        ]
        indexes = [models.Index(fields=["region_code", "measure"], name="insight_waitingtime_region")]


class PreparedFigure(models.Model):
    """One published figure: what became of the orders that were prepared, by cause, kind and region. Like waiting times
    it tells nothing of few people.
    """

    id = models.BigAutoField(primary_key=True)
    cause = models.CharField(max_length=10, blank=True, help_text="Of prepared.Prepared.Cause; empty for all.")
    kind_code = models.CharField(max_length=10, blank=True, help_text="Empty for all kinds together.")
    region_code = models.CharField(max_length=9, blank=True, help_text="КАТО code; empty for the republic.")
    offered = models.IntegerField(null=True)
    taken = models.IntegerField(null=True)
    declined = models.IntegerField(null=True)
    expired = models.IntegerField(null=True)
    days = models.IntegerField(null=True, help_text="From the notice to the order, median.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cause", "kind_code", "region_code"], name="insight_prepared_once")
        ]


class OutcomeFigure(models.Model):
    """One published figure: what became of the orders of a kind, or of a region, that were sent in the period
    (portal.md section 6). It tells nothing of few orders, and rounds the others.
    """

    id = models.BigAutoField(primary_key=True)
    kind_code = models.CharField(max_length=10, blank=True, help_text="Empty for all kinds together.")
    region_code = models.CharField(max_length=9, blank=True, help_text="КАТО code; empty for the republic.")
    registered = models.IntegerField(null=True, help_text="Orders that were sent.")
    due = models.IntegerField(
        null=True, help_text="Of them, those that had to come by now; not those that the person cancelled."
    )
    received = models.IntegerField(null=True, help_text="Of them, received.")
    lapsed = models.IntegerField(null=True, help_text="Of them, ended by the clock: no answer, or no payment, in time.")
    declined = models.IntegerField(null=True, help_text="Of them, declined by the supplier.")
    refused = models.IntegerField(null=True, help_text="Of them, refused by the person at the door.")
    with_own_part = models.IntegerField(null=True, help_text="Of them, those for which the person pays a part.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind_code", "region_code"], name="insight_outcome_once")]


class Loaded(models.Model):
    """How many programmes of a region are loaded: active ones, with what they grant."""

    region_code = models.CharField(max_length=9, primary_key=True, help_text="КАТО code.")
    programmes = models.IntegerField(null=True, help_text="Active ones; empty where there are few.")
    lines = models.IntegerField(null=True, help_text="What they grant; empty where there are few.")
    newest_on = models.DateField(help_text="Day on which the newest one was registered.")


class SupplierFigure(models.Model):
    """What one supplier did with orders of a kind in a region in a month: numbers alone, nobody named. Written by
    ``actions`` alone, anew each night for the months that are told; the supplier reads its own, nobody another's.
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField(help_text="Its first day.")
    kind_code = models.CharField(max_length=10)
    region_code = models.CharField(max_length=9, help_text="КАТО code of the region where the recipients live.")
    sent = models.PositiveIntegerField(default=0, help_text="Orders sent to the supplier in the month.")
    accepted = models.PositiveIntegerField(default=0, help_text="Of them, accepted.")
    unanswered = models.PositiveIntegerField(default=0, help_text="Of them, ended without an answer in time.")
    declined = models.JSONField(default=dict, help_text="Of them, declined: reason → how many.")
    handed_over = models.PositiveIntegerField(default=0, help_text="Hand-overs in the month.")
    refused = models.JSONField(default=dict, help_text="Of them, refused by the recipient: reason → how many.")
    late = models.PositiveIntegerField(default=0, help_text="Orders whose promised day passed in the month.")
    days = models.JSONField(default=dict, help_text="Days from an order to its first hand-over in the month → orders.")
    faults = models.PositiveIntegerField(default=0, help_text="Faults reported in the month.")
    days_away = models.PositiveIntegerField(default=0, help_text="Days without the thing, of faults in the warranty.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "month", "kind_code", "region_code"], name="insight_supplierfigure_once"
            )
        ]


class Pace(models.Model):
    """How soon a kind is handed over in a region, over all suppliers of it: nothing where they are few."""

    id = models.BigAutoField(primary_key=True)
    kind_code = models.CharField(max_length=10)
    region_code = models.CharField(max_length=9)
    median = models.PositiveIntegerField(help_text="Days from the order to the first hand-over.")
    ninety = models.PositiveIntegerField(help_text="Days within which nine of ten are handed over.")
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind_code", "region_code"], name="insight_pace_once")]


class Count(Row):
    """One count: how far the journal was read, and what the published figures cover. The newest is in force."""

    counted_at = models.DateTimeField(help_text="The journal was read up to this moment.")
    since = models.DateField(help_text="First day of the period.")
    day = models.DateField(help_text="Its last day, as of which those who wait are counted.")
    fewest = models.PositiveSmallIntegerField(help_text="Fewer people than this are not told (waiting.fewest).")

    class Meta:
        get_latest_by = "counted_at"
