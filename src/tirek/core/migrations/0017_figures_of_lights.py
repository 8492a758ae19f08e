"""Figures of open cases know when their light changes, and are read from their index alone."""

from django.db import migrations, models

#: What a row of a case table counts as (two rows at most). Terms end with a day by the clock of the country.
COUNTS_AS = """
CREATE FUNCTION tirek_counts_as(
    ended boolean, due_at timestamptz, soon_at timestamptz, created_at timestamptz, state_since timestamptz,
    waits_since date
) RETURNS TABLE (what text, day date, days integer, until timestamptz, soon timestamptz) LANGUAGE sql STABLE AS $$
    SELECT 'open', CASE WHEN soon_at IS NOT NULL
        THEN ((due_at - interval '1 microsecond') AT TIME ZONE 'Asia/Almaty')::date END, NULL::integer,
        due_at, soon_at
    WHERE NOT ended
    UNION ALL
    SELECT 'took', date_trunc('month', state_since AT TIME ZONE 'Asia/Almaty')::date, least(greatest(
        (state_since AT TIME ZONE 'Asia/Almaty')::date - (created_at AT TIME ZONE 'Asia/Almaty')::date, 0), 400),
        NULL::timestamptz, NULL::timestamptz
    WHERE ended
    UNION ALL
    SELECT 'waited', date_trunc('month', state_since AT TIME ZONE 'Asia/Almaty')::date, least(greatest(
        (state_since AT TIME ZONE 'Asia/Almaty')::date - waits_since, 0), 400), NULL::timestamptz, NULL::timestamptz
    WHERE ended AND waits_since IS NOT NULL
$$
"""
#: What changes nothing that is counted writes nothing.
KEEP = """
CREATE OR REPLACE FUNCTION tirek_keep_figures() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ends text[] := string_to_array(TG_ARGV[1], ',');
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO core_figurechange (case_type, what, territory_code, state, day, days, due_at, soon_at, moved)
        SELECT TG_ARGV[0], counted.what, one.territory_code, one.state, counted.day, counted.days, counted.until,
            counted.soon, count(*)
        FROM new_rows AS one, tirek_counts_as(
            one.state = ANY (ends), one.due_at, one.soon_at, one.created_at, one.state_since, one.waits_since
        ) AS counted
        GROUP BY 2, 3, 4, 5, 6, 7, 8;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO core_figurechange (case_type, what, territory_code, state, day, days, due_at, soon_at, moved)
        SELECT TG_ARGV[0], counted.what, one.territory_code, one.state, counted.day, counted.days, counted.until,
            counted.soon, sum(one.sign)
        FROM (
            SELECT -1 AS sign, territory_code, state, due_at, soon_at, created_at, state_since, waits_since
            FROM old_rows
            UNION ALL
            SELECT 1, territory_code, state, due_at, soon_at, created_at, state_since, waits_since FROM new_rows
        ) AS one, tirek_counts_as(
            one.state = ANY (ends), one.due_at, one.soon_at, one.created_at, one.state_since, one.waits_since
        ) AS counted
        GROUP BY 2, 3, 4, 5, 6, 7, 8 HAVING sum(one.sign) <> 0;
    ELSE
        INSERT INTO core_figurechange (case_type, what, territory_code, state, day, days, due_at, soon_at, moved)
        SELECT TG_ARGV[0], counted.what, one.territory_code, one.state, counted.day, counted.days, counted.until,
            counted.soon, -count(*)
        FROM old_rows AS one, tirek_counts_as(
            one.state = ANY (ends), one.due_at, one.soon_at, one.created_at, one.state_since, one.waits_since
        ) AS counted
        GROUP BY 2, 3, 4, 5, 6, 7, 8;
    END IF;
    RETURN NULL;
END $$
"""
FIELDS = ("case_type", "what", "territory_code", "state", "day", "days")
ONCE = (
    "CREATE UNIQUE INDEX CONCURRENTLY core_figure_of_light ON core_figure "
    "(case_type, what, territory_code, state, day, days, due_at, soon_at) INCLUDE (count) NULLS NOT DISTINCT"
)


def _moment(words):
    return models.DateTimeField(null=True, help_text=words)


class Migration(migrations.Migration):
    """Built while people work; the worker counts anew when it starts with the new code."""

    atomic = False
    dependencies = [("core", "0016_amendment_of_terms")]
    operations = [
        *(
            migrations.AddField(model, name, _moment(words))
            for model in ("figure", "figurechange")
            for name, words in (
                ("due_at", "End of the term of an open case."),
                ("soon_at", "From when that term is soon over; empty while it is paused."),
            )
        ),
        migrations.RunSQL(COUNTS_AS),
        # together: what is written from now on has the new columns; until all is counted anew, tables are read instead
        migrations.RunSQL(f"{KEEP}; DELETE FROM core_figurestart"),
        migrations.RunSQL("DROP FUNCTION tirek_counted_as"),
        migrations.RunSQL(ONCE),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("figure", "core_figure_once"),
                migrations.AddConstraint(
                    "figure",
                    models.UniqueConstraint(
                        fields=[*FIELDS, "due_at", "soon_at"],
                        include=["count"],
                        nulls_distinct=False,
                        name="core_figure_of_light",
                    ),
                ),
            ]
        ),
        migrations.RunSQL("ALTER TABLE core_figure DROP CONSTRAINT core_figure_once"),
    ]
