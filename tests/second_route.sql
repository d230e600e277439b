-- The second route: every derived fact once more, by SQL over the CSV files (tables of text).
--
-- Up to the first query stand tables and macros; then each query gives one fact and has its name.
-- It knows nothing of analysis/.

-- What was said

create macro v(name) as (select value::double from claims where id = name);

create macro day(name) as (select date::date from claims where id = name);

create macro acted(name) as (select date::date from measures where id = name);

create macro second(what) as (
  select sum(value::bigint)::bigint
  from claims
  where id similar to 'council\.second\.[a-z]+\.votes'
    and (what in ('all', split_part(id, '.', 3))
      or what = 'others' and split_part(id, '.', 3) not in ('maduro', 'gonzalez'))
);

create macro first(what) as (
  select sum(value::bigint)::bigint
  from claims
  where id similar to 'council\.first\.[a-z]+\.votes'
    and what in ('all', split_part(id, '.', 3))
);

create macro lead(start) as
  abs(v(start || '.gonzalez.votes') - v(start || '.maduro.votes'));

-- Votes outstanding, and the share of them that the trailing side needs
create macro outstanding(votes, counted) as votes * 100 / v(counted) - votes;

create macro needed(start, votes, counted) as
  50 + 50 * lead(start) / outstanding(votes, counted);

create macro residual(who) as
  v('council.first.' || who || '.votes')
    - v('council.first.valid_votes') * v('council.first.' || who || '.share') / 100;

create macro uncounted_sheets() as v('roll.tables') * (1 - v('council.second.counted') / 100);

-- What the files hold

create macro total(p, what) as (
  select sum(
    case what
      when 'sheets' then sheets::bigint
      when 'registered' then nullif(registered_on_sheets, '')::bigint
      when 'cast' then valid_votes::bigint + null_votes::bigint
      when 'valid_votes' then valid_votes::bigint
      when 'null_votes' then null_votes::bigint
      when 'gonzalez' then gonzalez::bigint
      when 'maduro' then maduro::bigint
      when 'others' then others::bigint
    end
  )::bigint
  from tallies_by_municipality
  where publication = p
);

create table bins as
select gonzalez_share_from::int low
from sheet_shares, range(sheets::bigint);

create table places as
select
  t.*,
  s.name,
  100 * gonzalez::double / valid_votes::double g,
  100 * maduro::double / valid_votes::double m,
  100 * nullif(registered_on_sheets, '')::double / s.registered_voters::double covered
from tallies_by_state t
join states s on s.iso_3166_2 = t.state;

-- Voters whose tables the first file lacks, by state from its municipalities
create table uncovered as
select
  sum(gonzalez::bigint - maduro::bigint) lead,
  any_value(s.registered_voters::bigint) - sum(registered_on_sheets::bigint) voters,
  voters * sum(valid_votes::bigint + null_votes::bigint)
    / sum(registered_on_sheets::bigint)::double votes
from tallies_by_municipality t
join states s on s.iso_3166_2 = t.state
where publication = 'v1'
group by t.state;

-- The two counts of the Washington Post, and with the others as in the first file
create macro post_two() as v('post.gonzalez.votes') + v('post.maduro.votes');

create macro post_lead() as v('post.gonzalez.votes') - v('post.maduro.votes');

create macro post_votes() as
  post_two() / (1 - total('v1', 'others')::double / total('v1', 'valid_votes'));

-- Where states stand

create macro weakest() as
  ['neutral', 'concern', 'asked', 'rejected', 'congratulated or recognised'];

create macro strength(stance) as list_position(
  weakest(),
  if(stance in ('congratulated', 'recognised'), 'congratulated or recognised', stance)
);

create table lines as  -- in the order of the file
select *, row_number() over () line
from positions;

create table joined as
select
  m.iso3,
  s.date,
  if(m.role in ('abstain', 'absent'), 'neutral', s.stance) stance,
  m.role = 'member' body,
  row_number() over () line
from statement_members m
join statements s on s.id = m.statement
where m.iso3 not in ('', 'VEN')
  and m.role in ('signatory', 'aligned', 'yes', 'abstain', 'absent', 'member');

-- Of one day what a state joined comes before its own acts, and what takes back after the rest.
create macro acts(bodies) as table (
  select *, row_number() over (partition by iso3 order by date, back, own, line) n
  from (
    select iso3, date, stance, takes_back = 'true' back, true own, line
    from lines
    where kind = 'state'
      and confidence <> 'low'
    union all
    select iso3, date, stance, false, false, line
    from joined
    where bodies or not body
  )
);

-- A state begins a chapter with each act that takes back; in a chapter an act counts unless a
-- stronger one came before it.
create table every_chapter as
select *, sum(back::int) over (partition by with_bodies, iso3 order by n) chapter
from (
  select *, false with_bodies from acts(false)
  union all
  select *, true from acts(true)
);

create macro chapters(bodies) as table (
  select *
  from every_chapter
  where with_bodies = bodies
);

create macro turns(bodies) as table (
  select *
  from chapters(bodies)
  qualify strength(stance) = max(strength(stance)) over (partition by iso3, chapter order by n)
);

-- So a state stands at the strongest act of its last chapter, the latest of those as strong.
create macro standing(until, bodies) as table (
  select iso3, stance, own
  from chapters(bodies)
  where date <= until
  qualify 1 = row_number() over (
    partition by iso3
    order by chapter desc, strength(stance) desc, n desc
  )
);

create table moves as
select now.iso3, coalesce(was.stance, 'not yet') was, now.stance now
from standing('2025-01-31', false) now
left join standing('2024-08-04', false) was using (iso3);

-- States that left their position after the first week, or spoke later and left the first they had.
create table changed as
select iso3
from turns(false) join moves using (iso3)
where date <= '2025-01-31'
group by iso3, was
having count(*) filter (date > '2024-08-04' and was <> 'not yet' and stance <> was) > 0
  or was = 'not yet' and count(distinct stance) > 1;

create table came as
select iso3, rank
from attendance
where iso3 <> ''
  and confidence in ('high', 'medium');

create table pairs as
select p.stance a, r.stance b
from recoding r
join positions p on p.id = r.position;

-- Names of countries as prose spells them

create table spelled as
select
  iso3,
  name,
  if(
    name in (
      'Bahamas',
      'Democratic Republic of the Congo',
      'Dominican Republic',
      'Holy See',
      'Netherlands',
      'United Kingdom',
      'United States'
    ),
    'the ' || name,
    name
  ) as said
from countries;

create macro names(codes) as (
  with n as (
    select said, row_number() over (order by name) i, count(*) over () k
    from spelled
    where list_contains(codes, iso3)
  )
  select coalesce(
    string_agg(
      case when i = 1 then '' when i = k then ' and ' else ', ' end || said,
      ''
      order by i
    ),
    'none'
  )
  from n
);

-- Counts by others, and how rare a pattern is

create table sets as
select distinct regexp_extract(id, '^(.*)\.gonzalez\.(votes|share)$', 1) s
from claims
where regexp_matches(id, '\.gonzalez\.(votes|share)$')
  and replace(id, 'gonzalez', 'maduro') in (select id from claims)
  and not starts_with(id, 'article.')
  and basis = 'stated';

create table outside as
select distinct s, side
from sets
join claims on id in (s || '.gonzalez.share', s || '.gonzalez.votes')
where side in ('independent', 'press')
  and confidence <> 'low';

create macro pair(who) as table (
  select
    s,
    coalesce(
      v(s || '.' || who || '.share'),
      100 * v(s || '.' || who || '.votes')
        / coalesce(v(s || '.votes'), v(s || '.gonzalez.votes') + v(s || '.maduro.votes'))
    ) share
  from outside
);

create macro splits() as
  (v('council.first.valid_votes') + 1) * (v('council.first.valid_votes') + 2) / 2;

create table steps as
select i, (i * v('council.first.valid_votes')::bigint + 500) // 1000 c
from range(1001) t(i);

create table fits as
select count(*) k
from steps a
join steps b on a.i + b.i <= 1000
join steps c on c.i = 1000 - a.i - b.i
where a.c + b.c + c.c = v('council.first.valid_votes');

create table two_fit as
select count(*) k
from (select distinct c from steps) a
join (select distinct c from steps) b on a.c + b.c <= v('council.first.valid_votes');

-- Tests of the sheets

create macro last_digits_of(who) as table (
  select sheets::int n
  from last_digits
  where publication = 'v2'
    and candidate = who
);

-- The density of chi-squared with nine degrees of freedom, summed by Simpson's rule up to the value
create macro digits_by_chance(who) as (
  with uneven as (
    select 10 * sum(n * n) / sum(n) - sum(n) value
    from last_digits_of(who)
  ),
  points as (
    select i, value * i / 20000 x, value / 20000 step
    from uneven, range(20001) t(i)
  )
  select 1 - sum(
    step / 3 * case when i in (0, 20000) then 1 when i % 2 = 1 then 4 else 2 end
      * pow(x, 3.5) * exp(-x / 2) / (pow(2, 4.5) * gamma(4.5))
  )
  from points
);

create macro normal_within(limit_) as (
  select sum(
    limit_ / 1000.0 / 3 * case when i in (0, 2000) then 1 when i % 2 = 1 then 4 else 2 end
      * exp(-pow(limit_ * (i / 1000.0 - 1), 2) / 2) / sqrt(2 * pi())
  )
  from range(2001) t(i)
);

create table distances as
select difference_from::double away, tables::int tables
from neighbouring_tables
where publication = 'v2';

create table cells as
select
  turnout_from::double turnout,
  gonzalez_share_from::double share,
  sheets::int sheets,
  electors::bigint electors,
  valid_votes::bigint valid,
  gonzalez::bigint g,
  maduro::bigint m
from turnout_and_share;

create macro fewest(file, share) as (
  select gonzalez::bigint
  from fewest_votes
  where publication = file
    and counted::decimal(6, 2) = share::decimal(6, 2)
);

-- What the electors missing from the first file would add, case by case
create macro missing() as v('roll.domestic') - total('v1', 'registered');

create table lowest as
select share, sum(electors) electors, sum(g) g, sum(m) m, sum(valid) - sum(g) - sum(m) o,
  greatest(0, least(1, (missing() - coalesce(sum(sum(electors)) over (
    order by share rows between unbounded preceding and 1 preceding
  ), 0)) / sum(electors))) part
from cells
group by share;

create table added as
select 'all_votes' as name, 0 g, missing() * total('v1', 'valid_votes') / total('v1', 'registered') m, 0 o
union all
select 'all_electors', 0, missing(), 0
union all
select 'lowest', sum(part * g), sum(part * m), sum(part * o)
from lowest
union all
select
  'small_places',
  missing() * gonzalez::double / electors::double,
  missing() * maduro::double / electors::double,
  missing() * (valid_votes::double - gonzalez::double - maduro::double) / electors::double
from polling_places
where publication = 'v1'
  and tables = '1'
union all
select
  'states',
  sum(gonzalez::double * (1 / covered * 100 - 1)),
  sum(maduro::double * (1 / covered * 100 - 1)),
  sum(others::double * (1 / covered * 100 - 1))
from places
where publication = 'v1';

create table cases as
select
  name,
  (total('v1', 'gonzalez') + round(g))::bigint g,
  (total('v1', 'maduro') + round(m))::bigint m,
  (total('v1', 'others') + round(o))::bigint o
from added;

create macro gonzalez_of(case_) as (select g from cases where name = case_);

create macro maduro_of(case_) as (select m from cases where name = case_);

create macro votes_of(case_) as (select g + m + o from cases where name = case_);

-- A share on all sheets, so many standard errors of a sample above
create macro sampled(who, errors) as (
  with s as (
    select
      sheets::double n,
      v('altavista.august_1.sheets') k,
      votes::double / valid_votes::double r,
      valid_votes::double / n mean,
      votes_squared::double - 2 * r * votes_by_valid::double + r * r * valid_squared::double squares
    from sheet_moments
    where publication = 'v2'
      and candidate = who
  )
  select 100 * (r + errors * sqrt((1 - k / n) / k * squares / (n - 1)) / mean)
  from s
);

-- The facts

-- article.actors
select count(distinct actor)
from positions
where in_starting_article = 'true';

-- attendance.came.count
select count(*)
from came
where rank <> 'nobody';

-- attendance.head.names
select names(array(
  select iso3
  from came
  where rank = 'head'
));

-- attendance.nobody.count
select count(*)
from came
where rank = 'nobody';

-- between.gonzalez.share
select 100 * (second('gonzalez') - first('gonzalez')) / (second('all') - first('all'));

-- between.maduro.share
select 100 * (second('maduro') - first('maduro')) / (second('all') - first('all'));

-- checks.ap.share
select total('v1', 'sheets') * v('ap.decoded_share') / v('roll.tables');

-- checks.moe.missing_votes_corrected
select (v('council.second.voters') - v('moe.votes'))::bigint;

-- checks.post.lead_left_by_council
select post_lead() - v('council.second.voters') + post_votes();

-- checks.post.lead_left_by_electors
select post_lead()
  - v('roll.domestic') * total('v1', 'cast') / total('v1', 'registered')
  + v('post.sheets') * total('v1', 'cast') / total('v1', 'sheets');

-- checks.post.lead_left_by_sheets
select post_lead() - post_votes() * (v('roll.tables') / v('post.sheets') - 1);

-- coding.agreed
select count(*)
from pairs
where a = b;

-- coding.agreement
select avg((a = b)::int)
from pairs;

-- coding.disputed.count
select count(*)
from pairs
where a <> b;

-- coding.kappa
with codes as (
  select distinct a as code
  from pairs
),
by_chance as (
  select
    (select avg((a = code)::int) from pairs) * (select avg((b = code)::int) from pairs) e
  from codes
)
select ((select avg((a = b)::int) from pairs) - sum(e)) / (1 - sum(e))
from by_chance;

-- coding.once
select count(*)
from positions
where id not in (select position from recoding);

-- coding.rows
select count(*)
from recoding;

-- corpus.after
select count(*)
from after;

-- corpus.bodies
select count(distinct actor)
from positions
where iso3 = '';

-- corpus.claims
select count(*)
from claims;

-- corpus.events
select count(*)
from events;

-- corpus.last_event
select date
from (
    select date from events
    union
    select date from measures
    union
    select date from after
)
order by date desc
limit 1;

-- corpus.measures
select count(*)
from measures;

-- corpus.originals
select count(*)
from sources
where kind = 'official' or kind like 'primary%' or kind = 'document_repost';

-- corpus.originals_not_opened
select count(*)
from sources
where read = 'none'
  and kind in ('official', 'primary', 'primary_repost', 'document_repost');

-- corpus.positions
select count(*)
from positions;

-- corpus.sources
select count(*)
from sources;

-- corpus.sources_read.excerpt
select count(*)
from sources
where read = 'excerpt';

-- corpus.sources_read.none
select count(*)
from sources
where read = 'none';

-- corpus.sources_read.whole
select count(*)
from sources
where read = 'whole';

-- corpus.states
select count(distinct iso3)
from positions
where iso3 <> '';

-- counts.outside.gonzalez.highest
select max(share)
from pair('gonzalez');

-- counts.outside.gonzalez.lowest
select min(share)
from pair('gonzalez');

-- counts.outside.maduro.highest
select max(share)
from pair('maduro');

-- counts.outside.maduro.lowest
select min(share)
from pair('maduro');

-- coverage.july_30.share
select 100 * v('opposition.july_30.sheets') / v('roll.tables');

-- coverage.v1.highest_state.name
select name
from places
where publication = 'v1'
order by -covered limit 1;

-- coverage.v1.highest_state.share
select covered
from places
where publication = 'v1'
order by -covered limit 1;

-- coverage.v1.lowest_state.name
select name
from places
where publication = 'v1'
order by covered limit 1;

-- coverage.v1.lowest_state.share
select covered
from places
where publication = 'v1'
order by covered limit 1;

-- coverage.v1.registered_share
select 100 * total('v1', 'registered') / sum(registered_voters::bigint)
from states;

-- coverage.v1.share
select 100 * v('opposition.august_2.sheets') / v('roll.tables');

-- coverage.v1.turned.at_most.states
select count(*)
from uncovered
where voters > lead;

-- coverage.v1.turned.by_voters.states
select count(*)
from uncovered
where voters > lead
  and votes <= lead;

-- coverage.v1.turned.by_votes.states
select count(*)
from uncovered
where votes > lead;

-- coverage.v1.turned.never.states
select count(*)
from uncovered
where voters <= lead;

-- coverage.v1.turnout
select 100 * total('v1', 'cast') / total('v1', 'registered');

-- coverage.v2.share
select 100 * v('opposition.august_6.sheets') / v('roll.tables');

-- digits.gonzalez.by_chance
select 100 * digits_by_chance('gonzalez');

-- digits.gonzalez.least_common.share
select 100 * min(n) / sum(n)
from last_digits_of('gonzalez');

-- digits.gonzalez.most_common.share
select 100 * max(n) / sum(n)
from last_digits_of('gonzalez');

-- digits.least
select 10;

-- digits.maduro.by_chance
select 100 * digits_by_chance('maduro');

-- digits.maduro.least_common.share
select 100 * min(n) / sum(n)
from last_digits_of('maduro');

-- digits.maduro.most_common.share
select 100 * max(n) / sum(n)
from last_digits_of('maduro');

-- fingerprint.corner.gonzalez.sheets
select sum(sheets)::int
from cells
where turnout >= 80
  and share >= 80;

-- fingerprint.corner.maduro.sheets
select sum(sheets)::int
from cells
where turnout >= 80
  and share < 20;

-- fingerprint.electors
select sum(electors) / sum(sheets)
from cells;

-- fingerprint.few
select 20;

-- fingerprint.high
select 80;

-- fingerprint.high.electors
select sum(electors) / sum(sheets)
from cells
where turnout >= 80;

-- fingerprint.high.gonzalez.share
select 100 * sum(g) / sum(valid)
from cells
where turnout >= 80;

-- fingerprint.high.maduro.share
select 100 * sum(m) / sum(valid)
from cells
where turnout >= 80;

-- fingerprint.high.sheets
select sum(sheets)::int
from cells
where turnout >= 80;

-- fingerprint.high.votes_share
select 100 * sum(valid) filter (turnout >= 80) / sum(valid)
from cells;

-- fingerprint.large
select 3;

-- fingerprint.large.gonzalez.share
select 100 * gonzalez::double / valid_votes::double
from polling_places
where publication = 'v1'
  and tables = '3';

-- fingerprint.large.turnout
select 100 * valid_votes::double / electors::double
from polling_places
where publication = 'v1'
  and tables = '3';

-- fingerprint.low
select 50;

-- fingerprint.low.gonzalez.share
select 100 * sum(g) / sum(valid)
from cells
where turnout < 50;

-- fingerprint.single.gonzalez.share
select 100 * gonzalez::double / valid_votes::double
from polling_places
where publication = 'v1'
  and tables = '1';

-- fingerprint.single.turnout
select 100 * valid_votes::double / electors::double
from polling_places
where publication = 'v1'
  and tables = '1';

-- first.margin
select first('maduro') - first('gonzalez');

-- incompatible.excess_per_uncounted_sheet
select (total('v2', 'gonzalez') - second('gonzalez')) / uncounted_sheets();

-- incompatible.uncounted_sheets
select uncounted_sheets();

-- incompatible.v1.uncovered_electors
select (v('roll.domestic') - total('v1', 'registered'))::bigint;

-- incompatible.v1.uncovered_electors_with_abroad
select v('roll.entitled')::bigint - total('v1', 'registered');

-- incompatible.v2.gonzalez.excess
select total('v2', 'gonzalez') - second('gonzalez');

-- incompatible.v2.maduro.remainder
select second('maduro') - total('v2', 'maduro');

-- incompatible.v2.maduro_per_missing_sheet
select (second('maduro') - total('v2', 'maduro')) / (v('roll.tables') - total('v2', 'sheets'));

-- incompatible.v2.missing_sheets
select v('roll.tables')::bigint - total('v2', 'sheets');

-- incompatible.v2.others.remainder
select second('others') - total('v2', 'others');

-- incompatible.v2.valid_votes.remainder
select v('council.second.valid_votes')::bigint - total('v2', 'valid_votes');

-- incompatible.v2.votes_per_sheet
select total('v2', 'valid_votes') / total('v2', 'sheets');

-- irreversible.august_2.needed_share
select needed(
  'opposition.august_2',
  v('opposition.august_2.valid_votes'),
  'opposition.august_2.sheets_share'
);

-- irreversible.august_6.needed_share
select needed(
  'opposition.august_6',
  v('opposition.august_6.valid_votes'),
  'opposition.august_6.sheets_share'
);

-- irreversible.first.lead
select lead('council.first');

-- irreversible.first.needed_share
select needed(
  'council.first',
  v('council.first.valid_votes'),
  'council.first.counted'
);

-- irreversible.first.outstanding_votes
select outstanding(v('council.first.valid_votes'), 'council.first.counted');

-- irreversible.july_29.needed_share
select needed(
  'opposition.july_29',
  v('opposition.july_29.gonzalez.votes') + v('opposition.july_29.maduro.votes'),
  'opposition.july_29.sheets_share'
);

-- irreversible.july_30.needed_share
select needed(
  'opposition.july_30',
  v('opposition.july_30.voters'),
  'opposition.july_30.sheets_share'
);

-- irreversible.second.needed_share
select needed(
  'council.second',
  v('council.second.valid_votes'),
  'council.second.counted'
);

-- missing.all_electors.gonzalez.share
select 100 * gonzalez_of('all_electors') / votes_of('all_electors');

-- missing.all_electors.lead
select gonzalez_of('all_electors') - maduro_of('all_electors');

-- missing.all_electors.maduro.share
select 100 * maduro_of('all_electors') / votes_of('all_electors');

-- missing.all_votes.gonzalez.share
select 100 * gonzalez_of('all_votes') / votes_of('all_votes');

-- missing.all_votes.lead
select gonzalez_of('all_votes') - maduro_of('all_votes');

-- missing.all_votes.maduro.share
select 100 * maduro_of('all_votes') / votes_of('all_votes');

-- missing.lowest.gonzalez.share
select 100 * gonzalez_of('lowest') / votes_of('lowest');

-- missing.lowest.lead
select gonzalez_of('lowest') - maduro_of('lowest');

-- missing.lowest.maduro.share
select 100 * maduro_of('lowest') / votes_of('lowest');

-- missing.small_places.gonzalez.share
select 100 * gonzalez_of('small_places') / votes_of('small_places');

-- missing.small_places.lead
select gonzalez_of('small_places') - maduro_of('small_places');

-- missing.small_places.maduro.share
select 100 * maduro_of('small_places') / votes_of('small_places');

-- missing.states.gonzalez.share
select 100 * gonzalez_of('states') / votes_of('states');

-- missing.states.lead
select gonzalez_of('states') - maduro_of('states');

-- missing.states.maduro.share
select 100 * maduro_of('states') / votes_of('states');

-- neighbours.anywhere.near_share
select 100 * sum(anywhere::bigint) filter (points_from::int <= 4) / sum(anywhere::bigint)
from pairs_of_sheets
where publication = 'v2';

-- neighbours.beyond_far.by_chance
select (1 - normal_within(3)) * sum(tables)
from distances;

-- neighbours.beyond_far.tables
select sum(tables)::int
from distances
where away not between -3 and 2.9;

-- neighbours.far
select 3;

-- neighbours.near
select 5;

-- neighbours.same_place.near_share
select 100 * sum(same_place::int) filter (points_from::int <= 4) / sum(same_place::int)
from pairs_of_sheets
where publication = 'v2';

-- neighbours.tables
select sum(tables)::int
from distances;

-- neighbours.wide
select 2;

-- neighbours.within_far.by_chance
select normal_within(3) * sum(tables)
from distances;

-- neighbours.within_far.tables
select sum(tables)::int
from distances
where away between -3 and 2.9;

-- neighbours.within_wide.by_chance
select normal_within(2) * sum(tables)
from distances;

-- neighbours.within_wide.tables
select sum(tables)::int
from distances
where away between -2 and 1.9;

-- nulls.2012.share
select 100 / (1 + v('null.2012.valid_votes') / v('null.2012.votes'));

-- nulls.2013.share
select 100 / (1 + v('null.2013.valid_votes') / v('null.2013.votes'));

-- nulls.2013.without_share
select 100 * v('null.2013.tables_without') / v('null.2013.tables');

-- nulls.2015.share
select 100 * v('null.2015.votes') / v('null.2015.ballots');

-- nulls.2017.share
select 100 / (1 + v('null.2017.valid_votes') / v('null.2017.votes'));

-- nulls.2018.share
select 100 / (1 + v('null.2018.valid_votes') / v('null.2018.votes'));

-- nulls.second.share
select 100 * v('council.second.null_votes') / v('council.second.voters');

-- nulls.times
select v('council.second.null_votes') / v('council.second.voters')
  * total('v2', 'cast') / total('v2', 'null_votes');

-- nulls.v2.share
select 100 * total('v2', 'null_votes') / total('v2', 'cast');

-- nulls.v2.without_share
select 100 * v('recount.v2.sheets_without_null') / v('opposition.august_6.sheets');

-- oas.short_by
select (v('oas.votes_needed') - v('oas.votes_for'))::bigint;

-- one_decimal.chance
select 1;

-- one_decimal.exact_odds
select splits() / k
from fits;

-- one_decimal.gonzalez.exact
select v('council.first.valid_votes') * v('council.first.gonzalez.share') / 100;

-- one_decimal.gonzalez.residual
select residual('gonzalez');

-- one_decimal.heuristic_odds
select v('council.first.valid_votes') * v('council.first.valid_votes') / 1000000;

-- one_decimal.maduro.exact
select v('council.first.valid_votes') * v('council.first.maduro.share') / 100;

-- one_decimal.maduro.residual
select residual('maduro');

-- one_decimal.others.exact
select v('council.first.valid_votes') * v('council.first.others.share') / 100;

-- one_decimal.others.residual
select residual('others');

-- one_decimal.patterns
select splits() / 100 / k
from two_fit;

-- one_decimal.second.gonzalez_miss
select abs(second('gonzalez') - second('all') * v('council.second.gonzalez.share') / 100);

-- one_decimal.second.maduro_miss
select abs(second('maduro') - second('all') * v('council.second.maduro.share') / 100);

-- one_decimal.spread
select 5000;

-- one_decimal.spread_error
select 200 / exp(0.5 * pow(2 * pi() * 5000 / (v('council.first.valid_votes') / 1000), 2));

-- one_decimal.states.counts
select 3 * count(distinct state)
from tallies_by_state
where publication = 'v2';

-- one_decimal.states.fit
with shares as (
  select unnest([gonzalez, maduro, others])::double n, valid_votes::double / 1000 step
  from tallies_by_state
  where publication = 'v2'
)
select count(*)
from shares
where abs(n - step * floor(n / step + 0.5)) <= 0.5;

-- one_decimal.step
select v('council.first.valid_votes') / 1000;

-- one_decimal.two_matches_odds
select splits() / k
from two_fit;

-- one_decimal.variant.maduro_miss
select first('maduro')
  - 0.512 * (first('maduro') + first('gonzalez') + v('pledge_times.first.others.votes'));

-- overlap.high.counted
select v('council.first.counted') + 0.5;

-- overlap.high.gonzalez.votes
select fewest('v2', '80.50');

-- overlap.low.counted
select v('council.first.counted') - 0.5;

-- overlap.low.gonzalez.votes
select fewest('v2', '79.50');

-- overlap.low.v1.excess
select fewest('v1', '79.50') - first('gonzalez');

-- overlap.second.gonzalez.votes
select fewest('v2', '96.87');

-- overlap.second.sheets
select (total('v2', 'sheets') - v('roll.tables')
  + floor(v('roll.tables') * v('council.second.counted') / 100))::int;

-- overlap.stated.gonzalez.votes
select fewest('v2', '80.00');

-- overlap.stated.sheets
select (total('v2', 'sheets') - v('roll.tables')
  + floor(v('roll.tables') * v('council.first.counted') / 100))::int;

-- reactions.first_week.end
select (day('council.first.maduro.votes') + 6)::varchar;

-- reactions.first_week.start
select day('council.first.maduro.votes')::varchar;

-- reactions.first_week.states
select count(*)
from standing('2024-08-04', false);

-- reactions.latest.asked.count
select count(*)
from standing('2025-01-31', false)
where stance = 'asked';

-- reactions.latest.asked.count_with_bodies
select count(*)
from standing('2025-01-31', true)
where stance = 'asked';

-- reactions.latest.asked.europe.count
select count(*)
from standing('2025-01-31', false) join countries using (iso3)
where region like '%Europe'
  and stance = 'asked';

-- reactions.latest.concern.count
select count(*)
from standing('2025-01-31', false)
where stance = 'concern';

-- reactions.latest.concern.count_with_bodies
select count(*)
from standing('2025-01-31', true)
where stance = 'concern';

-- reactions.latest.congratulated.count
select count(*)
from standing('2025-01-31', false)
where stance = 'congratulated';

-- reactions.latest.congratulated.count_with_bodies
select count(*)
from standing('2025-01-31', true)
where stance = 'congratulated';

-- reactions.latest.congratulated.europe.names
select names(array(
  select iso3
  from standing('2025-01-31', false) join countries using (iso3)
  where region like '%Europe'
    and stance = 'congratulated'
));

-- reactions.latest.end
select last_day(date::date)::varchar
from events
where id = '2025-01-10.sworn-in';

-- reactions.latest.joined.count
select count(*)
from standing('2025-01-31', false)
where not own;

-- reactions.latest.neutral.count
select count(*)
from standing('2025-01-31', false)
where stance = 'neutral';

-- reactions.latest.neutral.count_with_bodies
select count(*)
from standing('2025-01-31', true)
where stance = 'neutral';

-- reactions.latest.recognised.count
select count(*)
from standing('2025-01-31', false)
where stance = 'recognised';

-- reactions.latest.recognised.count_with_bodies
select count(*)
from standing('2025-01-31', true)
where stance = 'recognised';

-- reactions.latest.recognised.elsewhere.names
select names(array(
  select iso3
  from standing('2025-01-31', false) join countries using (iso3)
  where region like '%'
    and region not like '%America'
    and region <> 'Caribbean'
    and stance = 'recognised'
));

-- reactions.latest.recognised.names
select names(array(
  select iso3
  from standing('2025-01-31', false)
  where stance = 'recognised'
));

-- reactions.latest.rejected.count
select count(*)
from standing('2025-01-31', false)
where stance = 'rejected';

-- reactions.latest.rejected.count_with_bodies
select count(*)
from standing('2025-01-31', true)
where stance = 'rejected';

-- reactions.low_only.count
select count(*) from (
  select distinct iso3
  from positions
  where kind = 'state'
    and iso3 not in (select iso3 from standing('2025-01-31', false))
);

-- reactions.low_only.names
select names(array(
  select distinct iso3
  from positions
  where kind = 'state'
    and iso3 not in (select iso3 from standing('2025-01-31', false))
));

-- region.first_week.asked.count
select count(*)
from standing('2024-08-04', false)
where stance = 'asked'
  and iso3 in (select iso3 from tile_grid);

-- region.first_week.asked.names
select names(array(
  select iso3
  from standing('2024-08-04', false)
  where stance = 'asked'
    and iso3 in (select iso3 from tile_grid)
));

-- region.first_week.concern.names
select names(array(
  select iso3
  from standing('2024-08-04', false)
  where stance = 'concern'
    and iso3 in (select iso3 from tile_grid)
));

-- region.first_week.congratulated.caribbean.count
select count(*)
from standing('2024-08-04', false) join countries using (iso3)
where region like 'Caribbean'
  and stance = 'congratulated';

-- region.first_week.congratulated.count
select count(*)
from standing('2024-08-04', false)
where stance = 'congratulated'
  and iso3 in (select iso3 from tile_grid);

-- region.first_week.congratulated.count_with_bodies
select count(*)
from standing('2024-08-04', true)
where stance = 'congratulated'
  and iso3 in (select iso3 from tile_grid);

-- region.first_week.congratulated.names
select names(array(
  select iso3
  from standing('2024-08-04', false)
  where stance = 'congratulated'
    and iso3 in (select iso3 from tile_grid)
));

-- region.first_week.neutral.count_with_bodies
select count(*)
from standing('2024-08-04', true)
where stance = 'neutral'
  and iso3 in (select iso3 from tile_grid);

-- region.first_week.neutral.names
select names(array(
  select iso3
  from standing('2024-08-04', false)
  where stance = 'neutral'
    and iso3 in (select iso3 from tile_grid)
));

-- region.first_week.recognised.count
select count(*)
from standing('2024-08-04', false)
where stance = 'recognised'
  and iso3 in (select iso3 from tile_grid);

-- region.first_week.recognised.names
select names(array(
  select iso3
  from standing('2024-08-04', false)
  where stance = 'recognised'
    and iso3 in (select iso3 from tile_grid)
));

-- region.first_week.rejected.count
select count(*)
from standing('2024-08-04', false)
where stance = 'rejected'
  and iso3 in (select iso3 from tile_grid);

-- region.first_week.rejected.names
select names(array(
  select iso3
  from standing('2024-08-04', false)
  where stance = 'rejected'
    and iso3 in (select iso3 from tile_grid)
));

-- region.first_week.states
select count(*)
from standing('2024-08-04', false) join tile_grid using (iso3);

-- region.states
select count(*)
from countries
where region in ('Caribbean', 'Central America', 'South America');

-- relations.broken.names
select names(array(
  select target_iso3
  from measures
  where measure = 'severed_relations'
    and imposing_iso3 = 'VEN'
));

-- relations.custody.names
select names(array(
  select target_iso3
  from measures
  where measure = 'custody_of_embassy'
));

-- relations.days_of_custody
select acted('venezuela.brazil.2024-09-07.revoked-custody')
  - acted('brazil.argentina.2024-08-01.custody-of-embassy');

-- relations.expelled.count
select count(distinct target_iso3)
from measures
where measure = 'expelled_mission'
  and imposing_iso3 = 'VEN';

-- relations.expelled.names
select names(array(
  select target_iso3
  from measures
  where measure = 'expelled_mission'
    and imposing_iso3 = 'VEN'
));

-- relations.flights_suspended.names
select names(array(
  select target_iso3
  from measures
  where measure = 'suspended_flights'
    and imposing_iso3 = 'VEN'
));

-- relations.withdrawn.names
select names(array(
  select target_iso3
  from measures
  where measure = 'withdrew_own_staff'
    and imposing_iso3 = 'VEN'
));

-- results.v1.gonzalez.votes
select total('v1', 'gonzalez');

-- results.v1.lead
select total('v1', 'gonzalez') - total('v1', 'maduro');

-- results.v1.maduro.votes
select total('v1', 'maduro');

-- results.v1.null_votes
select total('v1', 'null_votes');

-- results.v1.others.votes
select total('v1', 'others');

-- results.v1.registered
select total('v1', 'registered');

-- results.v1.sheets
select total('v1', 'sheets');

-- results.v1.valid_votes
select total('v1', 'valid_votes');

-- results.v2.by_sheet.highest
select max(low)
from bins;

-- results.v2.by_sheet.lower_quartile
select quantile_disc(low, 0.25)
from bins;

-- results.v2.by_sheet.lowest
select min(low)
from bins;

-- results.v2.by_sheet.majority
select count(*)
from bins
where low >= 50;

-- results.v2.by_sheet.median
select quantile_disc(low, 0.5)
from bins;

-- results.v2.by_sheet.upper_quartile
select quantile_disc(low, 0.75)
from bins;

-- results.v2.closest_state.maduro_share
select m
from places
where publication = 'v2'
order by g - m limit 1;

-- results.v2.closest_state.name
select name
from places
where publication = 'v2'
order by g - m limit 1;

-- results.v2.closest_state.share
select g
from places
where publication = 'v2'
order by g - m limit 1;

-- results.v2.gonzalez.share
select 100 * total('v2', 'gonzalez') / total('v2', 'valid_votes');

-- results.v2.gonzalez.votes
select total('v2', 'gonzalez');

-- results.v2.maduro.share
select 100 * total('v2', 'maduro') / total('v2', 'valid_votes');

-- results.v2.maduro.votes
select total('v2', 'maduro');

-- results.v2.null_votes
select total('v2', 'null_votes');

-- results.v2.others.votes
select total('v2', 'others');

-- results.v2.sheets
select total('v2', 'sheets');

-- results.v2.sheets_led_maduro_share
select 100 * v('recount.v2.sheets_led.maduro') / total('v2', 'sheets');

-- results.v2.sheets_led_share
select 100 * v('recount.v2.sheets_led.gonzalez') / total('v2', 'sheets');

-- results.v2.states.count
select count(distinct state)
from tallies_by_municipality
where publication = 'v2';

-- results.v2.states.gonzalez
select count(*)
from places
where publication = 'v2'
  and g > m;

-- results.v2.valid_votes
select total('v2', 'valid_votes');

-- results.v2.widest_state.maduro_share
select m
from places
where publication = 'v2'
order by m - g limit 1;

-- results.v2.widest_state.name
select name
from places
where publication = 'v2'
order by m - g limit 1;

-- results.v2.widest_state.share
select g
from places
where publication = 'v2'
order by m - g limit 1;

-- sample.gonzalez.highest
select sampled('gonzalez', 1.96);

-- sample.gonzalez.lowest
select sampled('gonzalez', -1.96);

-- sample.kept
select 95;

-- sample.maduro.highest
select sampled('maduro', 1.96);

-- sample.maduro.lowest
select sampled('maduro', -1.96);

-- second.others.votes
select second('others');

-- second.turnout_full_roll
select 100 * v('council.second.voters') / (v('roll.domestic') + v('roll.abroad'));

-- shift.asked_to_neutral.names
select names(array(
  select iso3
  from moves
  where was = 'asked'
    and now = 'neutral'
));

-- shift.changed.count
select count(*)
from moves
where iso3 in (from changed);

-- shift.changed.recognised.count
select count(*)
from moves
where iso3 in (from changed)
  and now = 'recognised';

-- shift.changed.rejected.count
select count(*)
from moves
where iso3 in (from changed)
  and now = 'rejected';

-- shift.later_moved.names
select names(array(
  select iso3
  from moves
  where was = 'not yet'
    and iso3 in (
      select iso3
      from turns(false)
      where date <= '2025-01-31'
      group by iso3
      having count(distinct stance) > 1
    )
));

-- shift.moved.count
select count(*)
from moves
where was <> 'not yet'
  and was <> now;

-- shift.stayed.count
select count(*)
from moves
where was = now;

-- statements.oas-draft-resolution.absent.names
select names(array(
  select iso3
  from statement_members
  where statement = 'oas-draft-resolution'
    and role = 'absent'
    and iso3 <> ''
));

-- statements.oas-draft-resolution.abstain.names
select names(array(
  select iso3
  from statement_members
  where statement = 'oas-draft-resolution'
    and role = 'abstain'
    and iso3 <> ''
));

-- statements.oas-draft-resolution.yes.names
select names(array(
  select iso3
  from statement_members
  where statement = 'oas-draft-resolution'
    and role = 'yes'
    and iso3 <> ''
));

-- statements.un-new-york.states
select count(*)
from statement_members
where statement = 'un-new-york'
  and role = 'signatory'
  and iso3 <> '';
