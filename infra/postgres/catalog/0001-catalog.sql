create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- What texts are compared by: words of letters and digits without case and accents, one space between them.
-- Immutable, though unaccent is only stable, since its rules do not change under us.
create function plain(text) returns text
  language sql immutable strict parallel safe
  return btrim(regexp_replace(lower(unaccent('unaccent', normalize($1, nfkc))), '[^[:alnum:]]+', ' ', 'g'));

-- A text's words as they are, so that "the" and the beginning of a word are found, and by their stems.
create function lexemes(text) returns tsvector
  language sql immutable strict parallel safe
  return to_tsvector('simple', plain($1)) || to_tsvector('english', plain($1));

-- "Fête & Co." is fete-co; a name of signs only stands for itself.
create function slug_of(text) returns text
  language sql immutable strict parallel safe
  return coalesce(nullif(replace(plain($1), ' ', '-'), ''), lower($1));

create table categories (
  slug text primary key,
  name text not null,
  parent text references categories (slug),
  -- False for one that a product named before anybody added it: add-category may still say what it is.
  declared boolean not null
);

create unique index categories_by_name on categories (lower(name));
create index categories_of_parent on categories (parent);

create table products (
  sku text primary key,
  name text not null,
  description text not null,
  category text not null,
  category_slug text not null references categories (slug),
  list_price bigint not null check (list_price >= 0),
  -- What it costs now. The list price, until a discount begins.
  price bigint not null check (price >= 0),
  currency text not null,
  -- Grows with every change and travels in every event of the product.
  version bigint not null default 1,
  added_at timestamptz not null,
  retired_at timestamptz,
  sort_name text not null generated always as (plain(name)) stored,
  -- What a match is ranked by.
  title tsvector not null generated always as (
    setweight(lexemes(name), 'A') || setweight(lexemes(sku), 'B') || setweight(lexemes(category), 'C')
  ) stored,
  -- What a match is found by.
  search tsvector not null generated always as (
    strip(lexemes(name) || lexemes(sku) || lexemes(category) || to_tsvector('english', plain(description)))
  ) stored
);

create index products_by_name on products (sort_name, sku) where retired_at is null;
create index products_by_price on products (price, sku) where retired_at is null;
create index products_by_price_down on products (price desc, sku) where retired_at is null;
create index products_by_age on products (added_at desc, sku) where retired_at is null;
create index products_of_category on products (category_slug) where retired_at is null;
-- Without a list of pending entries (fastupdate), which every search would have to read through.
create index products_by_words on products using gin (search) with (fastupdate = off) where retired_at is null;

-- What there is of a product, learned from stock; a product may be heard of here before it is added.
create table availability (
  sku text primary key,
  available bigint not null,
  version bigint not null
);

-- What a word is recognised by when it is written with one slip: the word, the word with a letter unknown (t_a), and
-- the word with a letter missing (-ta).
create function traits(word text) returns text[]
  language sql immutable strict parallel safe
  return array(
    select word
    union select left(word, at - 1) || '_' || substr(word, at + 1) from generate_series(1, length(word)) as at
    union select '-' || left(word, at - 1) || substr(word, at + 1) from generate_series(1, length(word)) as at
  );

-- The traits of every word that may have been meant if there is one slip in this one: a wrong letter, a missing one,
-- one too many, or two neighbours swapped.
create function traits_meant(slip text) returns text[]
  language sql immutable strict parallel safe
  return array(
    select left(slip, at - 1) || '_' || substr(slip, at + 1) from generate_series(1, length(slip)) as at
    union select '-' || slip
    union select left(slip, at - 1) || substr(slip, at + 1) from generate_series(1, length(slip)) as at
    union select left(slip, at - 1) || substr(slip, at + 1, 1) || substr(slip, at, 1) || substr(slip, at + 2)
            from generate_series(1, length(slip) - 1) as at
  );

-- Every word of the catalogue, for finding what somebody meant who wrote another.
create table words (
  word text collate "C" primary key,
  traits text[] not null generated always as (traits(word)) stored
);

create index words_of_trait on words using gin (traits);
create index words_of_spelling on words using gin (word gin_trgm_ops);

-- In order, so that two products added at the same moment never wait for each other in a circle. Without numbers:
-- nobody means another than the one written.
create function learn_words() returns trigger language plpgsql as $$
begin
  insert into words (word)
  select lexeme
    from unnest(to_tsvector('simple', plain(concat_ws(' ', new.name, new.sku, new.category, new.description))))
   where lexeme ~ '^\D{2,40}$' and not exists (select from words where word = lexeme)
   order by lexeme
      on conflict do nothing;
  return null;
end
$$;

create trigger learn_words after insert or update of name, sku, category, description on products
  for each row execute function learn_words();

-- Null for a word that says nothing, like "the". A number has no stem but itself.
create function stem(word text) returns text
  language sql immutable strict parallel safe
  return case when word ~ '\d' then word else (ts_lexize('english_stem', word))[1] end;

-- The lexemes that may have been meant by a word: the catalogue's words that begin with it; when none does, those that
-- are one slip away from it; and when none is, those of the most similar spelling. Few beginnings are named one by one,
-- which is much quicker than the search for a beginning that many need; one letter is the beginning of too much.
create function lexemes_meant(written text) returns setof text
  language sql stable strict parallel safe
begin atomic
  with longer as (
    select word from words
     where octet_length(written) > 1 and word >= written and word < written || chr(1114111)
     order by length(word), word limit 21
  ), slipped as (
    select word from words
     where written ~ '^\D{3,40}$' and not exists (select from longer)
       and traits && (select traits_meant(written))
     order by similarity(word, written) desc, word limit 3
  ), spelled as (
    select word from words
     where written ~ '^\D{3,40}$' and not exists (select from longer) and not exists (select from slipped)
       and word % written
     order by similarity(word, written) desc, word limit 3
  ), named as (
    select word from longer where (select count(*) from longer) <= 20
    union all select word from slipped
    union all select word from spelled
  )
  select quote_literal(unnest(array[word, stem(word)])) from named
  union all
  select quote_literal(written) || ':*' where written ~ '\d' or (select count(*) from longer) > 20;
end;

-- What somebody seeks who wrote `asked`: each of its words by itself, by its stem and by what it may have been meant for.
-- `exact` is what was written and nothing else. Words that say nothing count only where there are no others. Both are
-- null when no word was written.
create function meaning(asked text, out sought tsquery, out exact tsquery)
  language sql stable strict parallel safe
begin atomic
  with written as (
    select distinct word, stem(word) as stem
      from unnest((string_to_array(plain(asked), ' '))[1:12]) as word where word <> ''
  ), telling as (
    select word, coalesce(stem, word) as stem from written
     where stem is not null or not exists (select from written where stem is not null)
  ), alternatives as (
    select word, quote_literal(unnest(array[word, stem])) as lexeme from telling
    union
    select word, lexeme from telling, lexemes_meant(word) as lexeme
  ), meant as (
    select word, '(' || string_agg(lexeme, ' | ' order by lexeme) || ')' as any_of from alternatives group by word
  )
  select string_agg(any_of, ' & ')::tsquery, string_agg(quote_literal(stem), ' & ')::tsquery
    from meant join telling using (word);
end;

-- The category of that name or slug, and all below it.
create function categories_below(asked text) returns setof text
  language sql stable strict parallel safe
begin atomic
  with recursive below as (
    select slug from categories where lower(name) = lower(asked) or slug in (lower(asked), slug_of(asked))
    union
    select categories.slug from categories join below on categories.parent = below.slug
  )
  select slug from below;
end;
