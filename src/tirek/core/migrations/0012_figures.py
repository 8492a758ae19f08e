"""Figures of cases, kept as their tables change."""

from django.db import migrations, models

#: What a row of a case table counts as (two rows at most). Terms end with a day by the clock of the country.
COUNTED_AS = """
CREATE FUNCTION tirek_counted_as(
    ended boolean, due_at timestamptz, soon_at timestamptz, created_at timestamptz, state_since timestamptz,
    waits_since date
) RETURNS TABLE (what text, day date, days integer) LANGUAGE sql STABLE AS $$
    SELECT 'open', CASE WHEN soon_at IS NOT NULL
        THEN ((due_at - interval '1 microsecond') AT TIME ZONE 'Asia/Almaty')::date END, NULL::integer
    WHERE NOT ended
    UNION ALL
    SELECT 'took', date_trunc('month', state_since AT TIME ZONE 'Asia/Almaty')::date, least(greatest(
        (state_since AT TIME ZONE 'Asia/Almaty')::date - (created_at AT TIME ZONE 'Asia/Almaty')::date, 0), 400)
    WHERE ended
    UNION ALL
    SELECT 'waited', date_trunc('month', state_since AT TIME ZONE 'Asia/Almaty')::date, least(greatest(
        (state_since AT TIME ZONE 'Asia/Almaty')::date - waits_since, 0), 400)
    WHERE ended AND waits_since IS NOT NULL
$$
"""
#: What changes nothing that is counted writes nothing.
KEEP = """
CREATE FUNCTION tirek_keep_figures() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ends text[] := string_to_array(TG_ARGV[1], ',');
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO core_figurechange (case_type, what, territory_code, state, day, days, moved)
        SELECT TG_ARGV[0], counted.what, one.territory_code, one.state, counted.day, counted.days, count(*)
        FROM new_rows AS one, tirek_counted_as(
            one.state = ANY (ends), one.due_at, one.soon_at, one.created_at, one.state_since, one.waits_since
        ) AS counted
        GROUP BY 2, 3, 4, 5, 6;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO core_figurechange (case_type, what, territory_code, state, day, days, moved)
        SELECT TG_ARGV[0], counted.what, one.territory_code, one.state, counted.day, counted.days, sum(one.sign)
        FROM (
            SELECT -1 AS sign, territory_code, state, due_at, soon_at, created_at, state_since, waits_since
            FROM old_rows
            UNION ALL
            SELECT 1, territory_code, state, due_at, soon_at, created_at, state_since, waits_since FROM new_rows
        ) AS one, tirek_counted_as(
            one.state = ANY (ends), one.due_at, one.soon_at, one.created_at, one.state_since, one.waits_since
        ) AS counted
        GROUP BY 2, 3, 4, 5, 6 HAVING sum(one.sign) <> 0;
    ELSE
        INSERT INTO core_figurechange (case_type, what, territory_code, state, day, days, moved)
        SELECT TG_ARGV[0], counted.what, one.territory_code, one.state, counted.day, counted.days, -count(*)
        FROM old_rows AS one, tirek_counted_as(
            one.state = ANY (ends), one.due_at, one.soon_at, one.created_at, one.state_since, one.waits_since
        ) AS counted
        GROUP BY 2, 3, 4, 5, 6;
    END IF;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    """Tables of the figures, and the functions of the triggers that case tables get."""

    dependencies = [
        ('core', '0011_own_data_by_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='FigureStart',
            fields=[
                ('case_type', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('counted_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Figure',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('case_type', models.CharField(max_length=40)),
                ('what', models.CharField(help_text='open, took or waited.', max_length=10)),
                ('territory_code', models.CharField(max_length=9)),
                ('state', models.CharField(max_length=32)),
                ('day', models.DateField(help_text='Last day of the term of an open case; first day of the month in which the others ended.', null=True)),
                ('days', models.PositiveSmallIntegerField(help_text='How long it took; 400 stands for more.', null=True)),
                ('count', models.IntegerField()),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('count', 0)), fields=['id'], name='core_figure_nothing')],
                'constraints': [models.UniqueConstraint(fields=('case_type', 'what', 'territory_code', 'state', 'day', 'days'), name='core_figure_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='FigureChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('case_type', models.CharField(max_length=40)),
                ('what', models.CharField(help_text='open, took or waited.', max_length=10)),
                ('territory_code', models.CharField(max_length=9)),
                ('state', models.CharField(max_length=32)),
                ('day', models.DateField(help_text='Last day of the term of an open case; first day of the month in which the others ended.', null=True)),
                ('days', models.PositiveSmallIntegerField(help_text='How long it took; 400 stands for more.', null=True)),
                ('moved', models.IntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['case_type', 'what', 'territory_code'], name='core_figurechange_read')],
            },
        ),
        migrations.RunSQL(COUNTED_AS, "DROP FUNCTION tirek_counted_as"),
        migrations.RunSQL(KEEP, "DROP FUNCTION tirek_keep_figures"),
    ]
