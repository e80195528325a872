-- Current public texts by the thousand, made of one: each with a title, a slug and dates of its own, and with its title
-- wherever the first one's stood. {columns} are those of the table, {values} theirs.
INSERT INTO pub.publication ({columns})
SELECT {values}
FROM pub.publication t
CROSS JOIN generate_series({first}, {last}) n
CROSS JOIN LATERAL (SELECT
    (ARRAY['Acute', 'Burning', 'Chronic', 'Dull', 'Episodic', 'Frequent', 'Gradual', 'Heavy', 'Intermittent', 'Jerking',
        'Keen', 'Lasting', 'Mild', 'Nightly', 'Ongoing', 'Painful', 'Recurrent', 'Sudden', 'Throbbing', 'Unexplained',
        'Vague', 'Wandering', 'Yearly'])[1 + n % 23]
    || ' ' || (ARRAY['pain', 'swelling', 'weakness', 'numbness', 'itching', 'stiffness', 'cramps', 'redness', 'tremor',
        'bruising', 'tingling'])[1 + n / 23 % 11]
    || ' of the ' || (ARRAY['knee', 'hip', 'shoulder', 'elbow', 'wrist', 'ankle', 'neck', 'back', 'jaw', 'foot', 'hand',
        'thigh', 'calf', 'chest', 'face', 'scalp', 'tongue'])[1 + n / 253 % 17] || ', ' || n AS title
) named
CROSS JOIN LATERAL (SELECT
    replace(t.content, t.title, named.title) AS content,
    replace(t.body_html, t.title, named.title) AS body
) text
WHERE t.id = {template}
