"""Every derived fact is computed a second time, by other means: SQL over the CSV files, which knows nothing of `analysis/`.

`ROUTES` maps patterns of names to queries; `{0}`, `{1}` … are what the pattern caught. SQL counts in double precision where
the analysis has exact rationals, so fractions agree to a part in a billion; whole numbers, names and dates agree exactly.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

DATA = Path(__file__).parent.parent / "data"
WINDOWS = {"first_day": "2024-07-29", "first_week": "2024-08-04", "latest": "2025-01-31"}
WEAKEST_FIRST = ["neutral", "concern", "asked", "rejected", "congratulated or recognised"]
SHARE_OF_ALL = {
    "july_30": "opposition.july_30",
    "v1": "opposition.august_2",
    "v2": "opposition.august_6",
    "january_3": "opposition.january_3",
    "moe": "moe",
    "post": "post",
    "rodriguez": "government.rodriguez",
}
MOMENTS = {  # what is counted, and the share of sheets it is counted on
    "first": ("council.first", "v('council.first.valid_votes')", "council.first.counted"),
    "second": ("council.second", "v('council.second.valid_votes')", "council.second.counted"),
    "july_29": (
        "opposition.july_29",
        "v('opposition.july_29.gonzalez.votes') + v('opposition.july_29.maduro.votes')",
        "opposition.july_29.sheets_share",
    ),
    "july_30": (
        "opposition.july_30",
        "v('opposition.july_30.voters')",
        "opposition.july_30.sheets_share",
    ),
    "august_2": (
        "opposition.august_2",
        "v('opposition.august_2.valid_votes')",
        "opposition.august_2.sheets_share",
    ),
    "august_6": (
        "opposition.august_6",
        "v('opposition.august_6.valid_votes')",
        "opposition.august_6.sheets_share",
    ),
}
MEASURES = {
    "expelled": ("expelled_mission", "imposing"),
    "withdrawn": ("withdrew_own_staff", "imposing"),
    "broken": ("severed_relations", "imposing"),
    "flights_suspended": ("suspended_flights", "imposing"),
    "suspended": ("suspended_relations", "target"),
    "expelled_venezuela": ("expelled_mission", "target"),
}
SETUP = r"""
create macro v(name) as (select value::double from claims where id = name);
create macro day(name) as (select date::date from claims where id = name);
create macro acted(name) as (select date::date from measures where id = name);
create macro total(p, what) as (
  select sum(case what when 'sheets' then sheets::bigint when 'registered' then nullif(registered_on_sheets, '')::bigint when 'valid_votes' then valid_votes::bigint
    when 'null_votes' then null_votes::bigint when 'gonzalez' then gonzalez::bigint when 'maduro' then maduro::bigint when 'others' then others::bigint end)::bigint
  from tallies_by_municipality where publication = p);
create macro second(what) as (
  select sum(value::bigint)::bigint from claims where id similar to 'council\.second\.[a-z]+\.votes' and
    (what = 'all' or what = split_part(id, '.', 3) or what = 'others' and split_part(id, '.', 3) not in ('maduro', 'gonzalez')));
create macro first(what) as (
  select sum(value::bigint)::bigint from claims where id similar to 'council\.first\.[a-z]+\.votes' and what in ('all', split_part(id, '.', 3)));
create macro strength(stance) as list_position(weakest(), if(stance in ('congratulated', 'recognised'), 'congratulated or recognised', stance));
create view lines as select *, row_number() over () line from positions;  -- in the order of the file
create view joined as select m.iso3, s.date, if(m.role in ('abstain', 'absent'), 'neutral', s.stance) stance, m.role = 'member' body, row_number() over () line
  from statement_members m join statements s on s.id = m.statement
  where m.iso3 not in ('', 'VEN') and m.role in ('signatory', 'aligned', 'yes', 'abstain', 'absent', 'member');
-- Of one day what a state joined comes before its own acts, and what takes back after the rest.
create macro acts(bodies) as table (
  select *, row_number() over (partition by iso3 order by date, back, own, line) n from (
    select iso3, date, stance, takes_back = 'true' back, true own, line from lines where kind = 'state' and confidence <> 'low'
    union all select iso3, date, stance, false, false, line from joined where bodies or not body));
-- A state begins a chapter with each act that takes back; in a chapter an act counts unless a stronger one came before it.
create macro chapters(bodies) as table (select *, sum(back::int) over (partition by iso3 order by n) chapter from acts(bodies));
create macro turns(bodies) as table (
  select * from chapters(bodies) qualify strength(stance) = max(strength(stance)) over (partition by iso3, chapter order by n));
-- So a state stands at the strongest act of its last chapter, the latest of those as strong.
create macro standing(until, bodies) as table (
  select iso3, stance, own from chapters(bodies) where date <= until
  qualify row_number() over (partition by iso3 order by chapter desc, strength(stance) desc, n desc) = 1);
create macro moves() as table (
  select now.iso3, coalesce(was.stance, 'not yet') was, now.stance now
  from standing('2025-01-31', false) now left join standing('2024-08-04', false) was using (iso3));
create table spelled as select iso3, name,
  case when name in ('Bahamas', 'Democratic Republic of the Congo', 'Dominican Republic', 'Holy See', 'Netherlands', 'United Kingdom', 'United States') then 'the ' else '' end || name as said from countries;
create view bins as select gonzalez_share_from::int low from sheet_shares, range(sheets::bigint);
create view places as select t.*, s.name, s.registered_voters::double electors, 100 * gonzalez::double / valid_votes::double g, 100 * maduro::double / valid_votes::double m,
  100 * nullif(registered_on_sheets, '')::double / s.registered_voters::double covered from tallies_by_state t join states s on s.iso_3166_2 = t.state;
create view came as select iso3, rank from attendance where iso3 <> '' and confidence in ('high', 'medium');
create view pairs as select p.stance a, r.stance b from recoding r join positions p on p.id = r.position;
create view sets as select distinct regexp_extract(id, '^(.*)\.gonzalez\.(votes|share)$', 1) s from claims
  where regexp_matches(id, '\.gonzalez\.(votes|share)$') and (replace(id, 'gonzalez', 'maduro') in (select id from claims)) and not starts_with(id, 'article.') and basis = 'stated';
create view outside as select distinct s, side from sets join claims on id in (s || '.gonzalez.share', s || '.gonzalez.votes')
  where side in ('independent', 'press') and confidence <> 'low';
create macro pair(who) as table (select s, coalesce((select value::double from claims where id = s || '.' || who || '.share'),
  100 * v(s || '.' || who || '.votes') / coalesce(v(s || '.votes'), v(s || '.gonzalez.votes') + v(s || '.maduro.votes'))) share from outside);
create view fits as with recursive n as (select v('council.first.valid_votes')::bigint n), r as (select i, (i * n + 500) // 1000 c from n, range(1001) t(i))
  select count(*) k from n, r a join r b on a.i + b.i <= 1000 join r c on c.i = 1000 - a.i - b.i where a.c + b.c + c.c = n;
create view two_fit as with n as (select v('council.first.valid_votes')::bigint n), r as (select distinct (i * n + 500) // 1000 c from n, range(1001) t(i))
  select count(*) k from n, r a join r b on a.c + b.c <= n;
"""


def said(codes: str) -> str:
    """Wrap a query for codes of countries in one that spells them as prose does."""
    return f"""with n as (select said, row_number() over (order by name) i, count(*) over () k from spelled where iso3 in ({codes}))
        select coalesce(string_agg(case when i = 1 then '' when i = k then ' and ' else ', ' end || said, '' order by i), 'none') from n"""


def positions(scope: str, window: str, stance: str, what: str, bodies: str | None) -> str:
    place = "and iso3 in (select iso3 from tile_grid)" if scope == "region" else ""
    codes = f"select iso3 from {stands(window, bodies)} where stance = '{stance}' {place}"
    return f"select count(*) from ({codes})" if what == "count" else said(codes)


def states(scope: str, window: str, bodies: str | None) -> str:
    return f"select count(*) from {stands(window, bodies)}" + (
        " join tile_grid using (iso3)" if scope == "region" else ""
    )


def stands(window: str, bodies: str | None = None) -> str:
    return f"standing('{WINDOWS[window]}', {bool(bodies)})"


def at_home(region: str, window: str = "latest", bodies: str | None = None) -> str:
    return f"select iso3 from {stands(window, bodies)} join countries using (iso3) where region like '{region}'"


def irreversible(moment: str, what: str) -> str:
    start, votes, counted = MOMENTS[moment]
    lead, out = (
        f"abs(v('{start}.gonzalez.votes') - v('{start}.maduro.votes'))",
        f"(({votes}) * 100 / v('{counted}') - ({votes}))",
    )
    return (
        "select "
        + {
            "lead": lead,
            "outstanding_votes": out,
            "needed_lead_share": f"100 * {lead} / {out}",
            "needed_share": f"50 + 50 * {lead} / {out}",
        }[what]
    )


def measures(kind: str, what: str) -> str:
    measure, side = MEASURES[kind]
    codes = f"select {'target' if side == 'imposing' else 'imposing'}_iso3 from measures where measure = '{measure}' and {side}_iso3 = 'VEN'"
    return f"select count(distinct c) from ({codes}) t(c)" if what == "count" else said(codes)


def moved(kind: str, what: str) -> str:
    codes = (
        "select iso3 from moves() where "
        + {
            "moved": "was <> 'not yet' and was <> now",
            "stayed": "was = now",
            "later": "was = 'not yet'",
            "to_recognised": "was not in ('not yet', 'recognised') and now = 'recognised'",
            "to_rejected": "was not in ('not yet', 'rejected') and now = 'rejected'",
            "later_moved": "was = 'not yet' and iso3 in (select iso3 from turns(false) where date <= '2025-01-31' group by 1 having count(distinct stance) > 1)",
            "back_again": "was = now and iso3 in (select iso3 from turns(false) where date > '2024-08-04' and date <= '2025-01-31' and stance <> was)",
        }[kind]
    )
    return f"select count(*) from ({codes})" if what == "count" else said(codes)


def signatories(statement: str, role: str) -> str:
    return f"select iso3 from statement_members where statement = '{statement}' and role = '{role}' and iso3 <> ''"


def by_state(publication: str, which: str, what: str) -> str:
    order = {"closest": "g - m", "widest": "m - g", "lowest": "covered", "highest": "-covered"}[
        which
    ]
    value = {
        "name": "name",
        "share": "covered" if which in ("lowest", "highest") else "g",
        "maduro_share": "m",
    }[what]
    return (
        f"select {value} from places where publication = '{publication}' order by {order} limit 1"
    )


V1_VOTES = "(total('v1', 'valid_votes') + total('v1', 'null_votes'))"
POST_LEAD = "v('post.gonzalez.votes') - v('post.maduro.votes')"
POST_VOTES = "(v('post.gonzalez.votes') + v('post.maduro.votes')) / (1 - total('v1', 'others')::double / total('v1', 'valid_votes'))"
MOE_LEAD = "v('moe.gonzalez.votes') - v('moe.maduro.votes')"
LEAD_V1 = "(total('v1', 'gonzalez') - total('v1', 'maduro'))"
LEFT_V1 = "(v('roll.domestic') - total('v1', 'registered'))"
BEYOND = "total('{0}', 'gonzalez') - v('council.second.gonzalez.votes')"
N = "v('council.first.valid_votes')"
UNCOUNTED = "(v('roll.tables') * (1 - v('council.second.counted') / 100))"
LOW_ONLY = f"select distinct iso3 from positions where kind = 'state' and iso3 not in (select iso3 from {stands('latest')})"

ROUTES: dict[str, str | object] = {
    r"(first|second)\.margin": "select {0}('maduro') - {0}('gonzalez')",
    r"(first|second)\.candidates_sum": "select {0}('all')",
    r"(first|second)\.(maduro|gonzalez|others)\.share": "select 100 * {0}('{1}') / {0}('all')",
    r"second\.others\.votes": "select second('others')",
    r"second\.votes_sum": "select second('all') + v('council.second.null_votes')::bigint",
    r"second\.uncounted_share": "select 100 - v('council.second.counted')",
    r"second\.electors_on_uncounted_sheets": "select (v('council.second.roll') - v('council.second.roll_on_counted_sheets'))::bigint",
    r"second\.turnout_domestic_roll": "select 100 * v('council.second.voters') / v('council.second.roll')",
    r"second\.turnout_full_roll": "select 100 * v('council.second.voters') / (v('roll.domestic') + v('roll.abroad'))",
    r"second\.turnout_counted_sheets": "select 100 * v('council.second.voters') / v('council.second.roll_on_counted_sheets')",
    r"second\.counted_by_electors": "select 100 * v('council.second.roll_on_counted_sheets') / v('council.second.roll')",
    r"between\.(maduro|gonzalez|others)\.votes": "select second('{0}') - first('{0}')",
    r"between\.(maduro|gonzalez|others)\.share": "select 100 * (second('{0}') - first('{0}')) / (second('all') - first('all'))",
    r"between\.valid_votes": "select second('all') - first('all')",
    r"irreversible\.(\w+)\.(\w+)": irreversible,
    r"irreversible\.outstanding_votes": f"select {N} / (v('council.first.counted') / 100) * (1 - v('council.first.counted') / 100)",
    r"irreversible\.implied_turnout": f"select 100 * {N} / 0.8 / v('council.second.roll')",
    r"one_decimal\.step": f"select {N} / 1000",
    r"one_decimal\.heuristic_odds": f"select {N} * {N} / 1000000",
    r"one_decimal\.matching_triples": "select k from fits",
    r"one_decimal\.candidate_triples": "select count(*) from range(1001) a(i) join range(1001) b(i) on a.i + b.i <= 1000",
    r"one_decimal\.exact_odds": f"select ({N} + 1) * ({N} + 2) / 2 / k from fits",
    r"one_decimal\.two_matches_odds": f"select ({N} + 1) * ({N} + 2) / 2 / k from two_fit",
    r"one_decimal\.patterns": f"select ({N} + 1) * ({N} + 2) / 200 / k from two_fit",
    r"one_decimal\.spread": "select 5000",
    r"one_decimal\.chance": "select 1",
    r"one_decimal\.spread_error": f"select 200 / exp(0.5 * pow(2 * pi() * 5000 / ({N} / 1000), 2))",
    r"one_decimal\.(maduro|gonzalez|others)\.exact": "select "
    + N
    + " * v('council.first.{0}.share') / 100",
    r"one_decimal\.(maduro|gonzalez|others)\.residual": "select v('council.first.{0}.votes') - "
    + N
    + " * v('council.first.{0}.share') / 100",
    r"one_decimal\.variant\.valid_votes": "select first('maduro') + first('gonzalez') + v('pledge_times.first.others.votes')::bigint",
    r"one_decimal\.variant\.maduro_miss": "select first('maduro') - 0.512 * (first('maduro') + first('gonzalez') + v('pledge_times.first.others.votes'))",
    r"one_decimal\.second\.(\w+)_miss": "select abs(second('{0}') - second('all') * v('council.second.{0}.share') / 100)",
    r"results\.(v[12])\.(sheets|valid_votes|null_votes)": "select total('{0}', '{1}')",
    r"results\.(v[12])\.(gonzalez|maduro|others)\.votes": "select total('{0}', '{1}')",
    r"results\.(v[12])\.(gonzalez|maduro|others)\.share": "select 100 * total('{0}', '{1}') / total('{0}', 'valid_votes')",
    r"results\.(v[12])\.lead": "select total('{0}', 'gonzalez') - total('{0}', 'maduro')",
    r"results\.(v[12])\.municipalities\.count": "select count(distinct municipality_code) from tallies_by_municipality where publication = '{0}'",
    r"results\.(v[12])\.municipalities\.gonzalez": "select count(*) from tallies_by_municipality where publication = '{0}' and gonzalez::int > maduro::int",
    r"results\.(v[12])\.municipalities\.maduro": "select count(*) from tallies_by_municipality where publication = '{0}' and gonzalez::int < maduro::int",
    r"results\.(v[12])\.states\.count": "select count(distinct state) from tallies_by_municipality where publication = '{0}'",
    r"results\.(v[12])\.states\.gonzalez": "select count(*) from places where publication = '{0}' and g > m",
    r"results\.(v[12])\.states\.maduro": "select count(*) from places where publication = '{0}' and g < m",
    r"results\.(v[12])\.(closest|widest)_state\.(\w+)": by_state,
    r"results\.(v[12])\.sheets_led_share": "select 100 * v('recount.{0}.sheets_led.gonzalez') / total('{0}', 'sheets')",
    r"results\.(v[12])\.sheets_led_maduro_share": "select 100 * v('recount.{0}.sheets_led.maduro') / total('{0}', 'sheets')",
    r"results\.v2\.by_sheet\.median": "select quantile_disc(low, 0.5) from bins",
    r"results\.v2\.by_sheet\.lower_quartile": "select quantile_disc(low, 0.25) from bins",
    r"results\.v2\.by_sheet\.upper_quartile": "select quantile_disc(low, 0.75) from bins",
    r"results\.v2\.by_sheet\.lowest": "select min(low) from bins",
    r"results\.v2\.by_sheet\.highest": "select max(low) from bins",
    r"results\.v2\.by_sheet\.majority": "select count(*) from bins where low >= 50",
    r"results\.v2\.by_sheet\.majority_share": "select 100 * avg((low >= 50)::int) from bins",
    r"coverage\.(v1)\.(lowest|highest)_state\.(\w+)": by_state,
    r"coverage\.v1\.registered": "select total('v1', 'registered')",
    r"coverage\.v1\.registered_share": "select 100 * total('v1', 'registered') / sum(registered_voters::bigint) from states",
    r"coverage\.v1\.turnout": f"select 100 * {V1_VOTES} / total('v1', 'registered')",
    r"coverage\.(\w+)\.share": lambda name: (
        f"select 100 * v('{SHARE_OF_ALL[name]}.sheets') / v('roll.tables')"
    ),
    r"incompatible\.(v[12])\.(gonzalez|maduro|others)\.remainder": "select second('{1}') - total('{0}', '{1}')",
    r"incompatible\.(v[12])\.valid_votes\.remainder": "select v('council.second.valid_votes')::bigint - total('{0}', 'valid_votes')",
    r"incompatible\.(v[12])\.gonzalez\.excess": f"select ({BEYOND})::bigint",
    r"incompatible\.(v[12])\.gonzalez\.excess_left": f"select ({BEYOND} - v('council.second.roll') + v('council.second.roll_on_counted_sheets'))::bigint",
    r"incompatible\.(v[12])\.missing_sheets": "select v('roll.tables')::bigint - total('{0}', 'sheets')",
    r"incompatible\.(v[12])\.lead_per_missing_sheet": "select (total('{0}', 'gonzalez') - total('{0}', 'maduro')) / (v('roll.tables') - total('{0}', 'sheets'))",
    r"incompatible\.(v[12])\.votes_per_sheet": "select total('{0}', 'valid_votes') / total('{0}', 'sheets')",
    r"incompatible\.(v[12])\.maduro_per_missing_sheet": "select (second('maduro') - total('{0}', 'maduro')) / (v('roll.tables') - total('{0}', 'sheets'))",
    r"incompatible\.uncounted_sheets": f"select {UNCOUNTED}",
    r"incompatible\.excess_per_uncounted_sheet": f"select (total('v2', 'gonzalez') - second('gonzalez')) / {UNCOUNTED}",
    r"incompatible\.v1\.uncovered_electors": f"select {LEFT_V1}::bigint",
    r"incompatible\.v1\.uncovered_electors_with_abroad": "select v('roll.entitled')::bigint - total('v1', 'registered')",
    r"incompatible\.v1\.lead_left_at_full_turnout": f"select ({LEAD_V1} - {LEFT_V1})::bigint",
    r"incompatible\.v1\.lead_left_at_full_turnout_with_abroad": f"select {LEAD_V1} - v('roll.entitled')::bigint + total('v1', 'registered')",
    r"incompatible\.v1\.lead_left_at_observed_turnout": f"select {LEAD_V1} - {LEFT_V1} * {V1_VOTES} / total('v1', 'registered')",
    r"checks\.moe\.lead": f"select ({MOE_LEAD})::bigint",
    r"checks\.moe\.difference\.maduro": "select second('maduro') - v('moe.maduro.votes')::bigint",
    r"checks\.moe\.difference\.gonzalez": "select v('moe.gonzalez.votes')::bigint - second('gonzalez')",
    r"checks\.moe\.missing_votes_corrected": "select (v('council.second.voters') - v('moe.votes'))::bigint",
    r"checks\.moe\.lead_left_corrected": f"select ({MOE_LEAD} - v('council.second.voters') + v('moe.votes'))::bigint",
    r"checks\.moe\.missing_valid_votes": "select second('all') - v('moe.votes')::bigint",
    r"checks\.moe\.lead_left_valid": f"select ({MOE_LEAD} - second('all') + v('moe.votes'))::bigint",
    r"checks\.moe\.slip": "select (v('moe.missing_votes') + v('moe.votes') - v('council.second.voters'))::bigint",
    r"checks\.ap\.sheets": "select total('v1', 'sheets') * v('ap.decoded_share') / 100",
    r"checks\.ap\.share": "select total('v1', 'sheets') * v('ap.decoded_share') / v('roll.tables')",
    r"checks\.ap\.(gonzalez|maduro)\.share": "select 100 * v('ap.{0}.votes') / v('ap.votes')",
    r"checks\.post\.lead": f"select ({POST_LEAD})::bigint",
    r"checks\.post\.lead_left_by_sheets": f"select {POST_LEAD} - {POST_VOTES} * (v('roll.tables') / v('post.sheets') - 1)",
    r"checks\.post\.lead_left_by_electors": f"select {POST_LEAD} - v('roll.domestic') * {V1_VOTES} / total('v1', 'registered') + v('post.sheets') * {V1_VOTES} / total('v1', 'sheets')",
    r"checks\.post\.lead_left_by_council": f"select {POST_LEAD} - v('council.second.voters') + {POST_VOTES}",
    r"checks\.telesur\.announced_sum": r"select sum(value::decimal(9,4))::double from claims where id similar to 'council\.first\.[a-z]+\.share'",
    r"checks\.telesur\.(\w+)\.lines": "select round((v('telesur.{0}.sum') - 51.2 - 44.2) / 4.6, 9)",
    r"reactions\.latest\.joined\.count": f"select count(*) from {stands('latest')} where not own",
    r"(reactions|region)\.(first_day|first_week|latest)\.(\w+)\.(count|names)(_with_bodies)?": positions,
    r"(reactions|region)\.(first_day|first_week|latest)\.states(_with_bodies)?": states,
    r"reactions\.latest\.asked\.europe\.count": f"select count(*) from ({at_home('%Europe')} and stance = 'asked')",
    r"reactions\.latest\.congratulated\.europe\.names": said(
        f"{at_home('%Europe')} and stance = 'congratulated'"
    ),
    r"reactions\.latest\.recognised\.elsewhere\.names": said(
        f"{at_home('%')} and region not like '%America' and region <> 'Caribbean' and stance = 'recognised'"
    ),
    r"region\.first_week\.congratulated\.caribbean\.count": f"select count(*) from ({at_home('Caribbean', 'first_week')} and stance = 'congratulated')",
    r"region\.states": "select count(*) from countries where region in ('Caribbean', 'Central America', 'South America')",
    r"reactions\.first_week\.start": "select day('council.first.maduro.votes')::varchar",
    r"reactions\.first_week\.end": "select (day('council.first.maduro.votes') + 6)::varchar",
    r"reactions\.latest\.end": "select last_day(date::date)::varchar from events where id = '2025-01-10.sworn-in'",
    r"reactions\.low_only\.count": f"select count(*) from ({LOW_ONLY})",
    r"reactions\.low_only\.names": said(LOW_ONLY),
    r"shift\.(moved|stayed|later|to_recognised|to_rejected|back_again|later_moved)\.(count|names)": moved,
    r"shift\.([a-z]+)_to_([a-z]+)\.count": "select count(*) from moves() where was = '{0}' and now = '{1}'",
    r"shift\.([a-z]+)_to_([a-z]+)\.names": said(
        "select iso3 from moves() where was = '{0}' and now = '{1}'"
    ),
    r"attendance\.came\.count": "select count(*) from came where rank <> 'nobody'",
    r"attendance\.(\w+)\.count": "select count(*) from came where rank = '{0}'",
    r"attendance\.(\w+)\.names": said("select iso3 from came where rank = '{0}'"),
    r"relations\.custody\.names": said(
        "select target_iso3 from measures where measure = 'custody_of_embassy'"
    ),
    r"relations\.(\w+)\.(count|names)": measures,
    r"relations\.days_to_first_break": "select acted('venezuela.peru.2024-07-30.severed-relations') - acted('venezuela.peru.2024-07-29.expelled-mission')",
    r"relations\.days_to_second_break": "select acted('venezuela.paraguay.2025-01-06.severed-relations') - acted('venezuela.peru.2024-07-29.expelled-mission')",
    r"relations\.days_of_custody": "select acted('venezuela.brazil.2024-09-07.revoked-custody') - acted('brazil.argentina.2024-08-01.custody-of-embassy')",
    r"oas\.short_by": "select (v('oas.votes_needed') - v('oas.votes_for'))::bigint",
    r"oas\.members": "select count(distinct iso3) from statement_members where statement = 'oas-draft-resolution'",
    r"statements\.(oas-draft-resolution)\.(yes|abstain|absent)\.count": lambda *of: (
        f"select count(*) from ({signatories(*of)})"
    ),
    r"statements\.(oas-draft-resolution)\.(yes|abstain|absent)\.names": lambda *of: said(
        signatories(*of)
    ),
    r"statements\.([\w-]+)\.states": lambda statement: (
        f"select count(*) from ({signatories(statement, 'signatory')})"
    ),
    r"coding\.rows": "select count(*) from recoding",
    r"coding\.once": "select count(*) from positions where id not in (select position from recoding)",
    r"coding\.agreed": "select count(*) from pairs where a = b",
    r"coding\.disputed\.count": "select count(*) from pairs where a <> b",
    r"coding\.agreement": "select avg((a = b)::int) from pairs",
    r"coding\.kappa": """with s as (select unnest(['neutral', 'concern', 'asked', 'rejected', 'recognised', 'congratulated']) s), f as (select (select avg((a = s)::int) from pairs) * (select avg((b = s)::int) from pairs) e from s)
        select ((select avg((a = b)::int) from pairs) - sum(e)) / (1 - sum(e)) from f""",
    r"corpus\.(claims|findings|positions|measures|events|after|attendance|statements|statement_members|sources|corrections)": "select count(*) from {0}",
    r"corpus\.claimants": "select count(*) from (select distinct claimant from claims)",
    r"corpus\.(language|publisher)s": "select count(*) from (select distinct {0} from sources where {0} <> '')",
    r"corpus\.states": "select count(distinct iso3) from positions where iso3 <> ''",
    r"corpus\.bodies": "select count(distinct actor) from positions where iso3 = ''",
    r"corpus\.sources_cited": "select count(*) from sources where cited = 'true'",
    r"corpus\.sources_read\.(\w+)": "select count(*) from sources where read = '{0}'",
    r"corpus\.originals_not_opened": "select count(*) from sources where read = 'none' and kind in ('official', 'primary', 'primary_repost', 'document_repost')",
    r"corpus\.originals": "select count(*) from sources where kind = 'official' or kind like 'primary%' or kind = 'document_repost'",
    r"article\.actors": "select count(distinct actor) from positions where in_starting_article = 'true'",
    r"article\.measures": "select count(*) from measures where in_starting_article = 'true'",
    r"article\.missions": "select count(distinct target_iso3) from measures where in_starting_article = 'true' and measure = 'expelled_mission'",
    r"toll\.(deaths|arrests|held)\.counts": r"select count(*) from claims where topic = 'toll' and id similar to '\w+\.{0}\.\w+[0-9]\w*'",
    r"toll\.(deaths|arrests|held)\.counters": r"select count(distinct split_part(id, '.', 1)) from claims where topic = 'toll' and id like '%.{0}.%' and id similar to '.*[0-9].*'",
    r"counts\.all\.count": "select count(*) from sets",
    r"counts\.(gonzalez|maduro)_ahead\.count": r"""select count(*) from sets where case when '{0}' = 'maduro' then -1 else 1 end *
        coalesce(v(s || '.gonzalez.votes') - v(s || '.maduro.votes'), v(s || '.gonzalez.share') - v(s || '.maduro.share')) > 0""",
    r"counts\.outside\.count": "select count(*) from outside",
    r"counts\.outside\.(gonzalez|maduro)\.lowest": "select min(share) from pair('{0}')",
    r"counts\.outside\.(gonzalez|maduro)\.highest": "select max(share) from pair('{0}')",
}


@pytest.fixture(scope="module")
def database():
    """The CSV files as tables of text, under their names, with the macros that the queries use."""
    connection = duckdb.connect()
    for path in sorted(DATA.glob("*.csv")):
        # an empty cell is an empty text, not a missing one
        options = "all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"', nullstr = 'never'"
        connection.execute(
            f"create table {path.stem} as select * from read_csv('{path}', {options})"
        )
    connection.execute(f"create macro weakest() as {WEAKEST_FIRST}")
    connection.execute(SETUP)
    return connection


@pytest.fixture(scope="module")
def derived(facts):
    return {name: fact for name, fact in facts.items() if fact.kind == "derived"}


def route(name: str) -> tuple[str, str] | None:
    """Return the pattern that a name matches and its query; the first that matches in full."""
    for pattern, query in ROUTES.items():
        if found := re.fullmatch(pattern, name):
            return pattern, query(*found.groups()) if callable(query) else _filled(
                query, found.groups()
            )
    return None


def _filled(query: str, caught: tuple[str, ...]) -> str:
    for place, text in enumerate(caught):
        query = query.replace(f"{{{place}}}", text)
    return query


def agree(value: object, other: object) -> bool:
    """Compare exactly, but for fractions against double precision."""
    if isinstance(value, Mapping):
        value = value["en"]
    if (
        isinstance(value, str)
        or isinstance(other, str)
        or (isinstance(value, int) and isinstance(other, int))
    ):
        return value == other
    return other is not None and math.isclose(
        Fraction(value), other, rel_tol=1e-9, abs_tol=1e-9 if abs(Fraction(value)) > 1 else 1e-6
    )


def test_every_derived_fact_has_a_second_route(derived):
    missing = [name for name in derived if route(name) is None]
    assert not missing, f"add a query to ROUTES for {', '.join(missing)}"


def test_both_routes_agree_on_every_derived_fact(derived, database, record_property):
    wrong = []
    for name, fact in derived.items():
        if found := route(name):
            other = database.execute(found[1]).fetchone()[0]
            if not agree(fact.value, other):
                wrong.append(f"{name}: {fact.value} in analysis, {other} in SQL")
    assert not wrong, "\n".join(wrong)
    record_property("told", f"{len(derived)} derived numbers agree on two routes")


def test_no_query_is_left_over(derived):
    used = {route(name)[0] for name in derived if route(name)}
    assert set(ROUTES) == used, f"no fact asks for {sorted(set(ROUTES) - used)}"


@pytest.mark.parametrize(
    ("value", "other"),
    [
        (5, 6),
        (Fraction(1, 3), 0.3334),
        ("Peru", "Chile"),
        ({"en": "Peru"}, "Chile"),
        (Fraction(1, 3), None),
        ("7", 7),
    ],
)
def test_routes_that_differ_are_told_apart(value, other):
    assert not agree(value, other)


@pytest.mark.parametrize(
    ("value", "other"), [(5, 5), (Fraction(1, 3), 1 / 3), ({"en": "Peru"}, "Peru"), (7, 7.0)]
)
def test_routes_that_agree_are_taken_as_such(value, other):
    assert agree(value, other)
