"""A database's schema as a set of sentences, told by its catalogue: what `pg_dump -s` would write, in no order."""

import re
from typing import Any

OURS = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
OF_NO_EXTENSION = "NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = {}.oid AND d.deptype = 'e')"
LIST = re.compile(r"ARRAY\[([^\[\]]*)\]")
TOLD = (
    f"SELECT format('schema %s %s', n.nspname, n.nspacl) FROM pg_namespace n WHERE {OURS}",
    "SELECT format('extension %s', extname) FROM pg_extension",
    """
    SELECT format('default rights %s %s %s', defaclnamespace::regnamespace, defaclobjtype, defaclacl)
    FROM pg_default_acl
    """,
    f"""
    SELECT format('relation %s %s %s %s', c.oid::regclass, c.relkind, c.relacl, c.reloptions)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS} AND c.relkind NOT IN ('i', 't', 'c')
    """,
    f"""
    SELECT format('column %s.%s %s %s%s %s', c.oid::regclass, attname, format_type(atttypid, atttypmod),
        CASE WHEN attnotnull THEN 'not null ' END, pg_get_expr(adbin, adrelid), attacl)
    FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE {OURS} AND c.relkind IN ('r', 'p', 'v', 'm') AND attnum > 0 AND NOT attisdropped
    """,
    f"""
    SELECT format('constraint %s.%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(c.oid), convalidated)
    FROM pg_constraint c JOIN pg_namespace n ON n.oid = connamespace WHERE {OURS} AND contype <> 'n'
    """,
    f"""
    SELECT format('index %s %s', pg_get_indexdef(indexrelid), indisvalid)
    FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS}
    """,
    "SELECT format('trigger %s %s', pg_get_triggerdef(oid), tgenabled) FROM pg_trigger WHERE NOT tgisinternal",
    f"""
    SELECT format('function %s %s', pg_get_functiondef(p.oid), p.proacl)
    FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
    WHERE {OURS} AND prokind <> 'a' AND {OF_NO_EXTENSION.format("p")}
    """,
    f"""
    SELECT format('view %s %s', c.oid::regclass, pg_get_viewdef(c.oid))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS} AND c.relkind IN ('v', 'm')
    """,
    f"""
    SELECT format('type %s %s', t.oid::regtype, (SELECT array_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum
        WHERE enumtypid = t.oid))
    FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace
    WHERE {OURS} AND typtype IN ('e', 'd', 'r') AND {OF_NO_EXTENSION.format("t")}
    """,
    "SELECT format('policy %s %s %s %s', polrelid::regclass, polname, polqual, polwithcheck) FROM pg_policy",
    """
    SELECT format('comment %s %s', objoid::regclass, description) FROM pg_description
    WHERE classoid = 'pg_class'::regclass AND objoid >= 16384
    """,
    f"""
    SELECT format('statistics %s %s', stxname, pg_get_statisticsobjdef(s.oid))
    FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = stxnamespace WHERE {OURS}
    """,
    "SELECT format('event trigger %s %s', evtname, evtfoid::regproc) FROM pg_event_trigger",
)


def told(cursor: Any) -> frozenset[str]:
    """Everything that the catalogue says of what the migrations made."""
    cursor.execute(" UNION ALL ".join(TOLD))
    return frozenset(LIST.sub(_sorted, sentence) for (sentence,) in cursor.fetchall())


def _sorted(found: re.Match[str]) -> str:
    """What a column is one of comes from sets, in any order."""
    return f"ARRAY[{', '.join(sorted(found[1].split(', ')))}]"
