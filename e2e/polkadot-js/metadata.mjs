// A bundle's metadata as it stands in the file, for questions that Polkadot.js does not answer.

/** A type, by its number. */
export function typeOf(json, id) {
  return json.types.find((type) => type.id === id).type;
}

/** The numbers of the types that a type consists of, itself included. */
export function within(json, ...ids) {
  const found = new Set();
  const visit = (id) => {
    if (found.has(id)) return;
    found.add(id);
    const { def } = typeOf(json, id);
    for (const owner of owners(def)) owner.fields?.forEach(({ type }) => visit(type));
    for (const type of def.tuple ?? []) visit(type);
    for (const list of [def.sequence, def.array, def.compact]) if (list) visit(list.type);
  };
  ids.forEach(visit);
  return [...found];
}

/** What has fields of its own in a type: a struct, or an enum's variants. */
function owners(def) {
  return def.composite ? [def.composite] : (def.variant?.variants ?? []);
}

/** The variants of an enum. */
export function variants(json, id) {
  return typeOf(json, id).def.variant?.variants ?? [];
}

/** The fields of the project's own structs and enums among these types, each with where it is. */
export function fields(json, ids) {
  return ids
    .map((id) => typeOf(json, id))
    .filter(({ path }) => path?.[0]?.startsWith('amanah'))
    .flatMap(({ path, def }) =>
      owners(def).flatMap(({ name: variant, fields = [] }) =>
        fields.map((field) => ({ ...field, where: [...path, variant, field.name].filter(Boolean).join('::') })),
      ),
    );
}

/** Everything that has arguments: constructors, messages and events. */
export function specs({ spec: { constructors, messages, events } }) {
  return [...constructors, ...messages, ...events];
}

/** The name that UIs know an amount or an account by; nothing for any other type. */
export function fieldName(json, id) {
  const { path, def } = typeOf(json, id);
  if (def.primitive === 'u128') return 'Balance';
  return path?.join('::') === 'ink_primitives::types::AccountId' ? 'AccountId' : undefined;
}

/** The enums among these types whose first variant is nothing but a list. */
export function listsFirst(json, ids) {
  return ids.filter((id) => {
    const [field, ...others] = variants(json, id)[0]?.fields ?? [];
    return field && !field.name && others.length === 0 && typeOf(json, field.type).def.sequence;
  });
}
