/* Adding, removing, moving and numbering of sections. Pure: takes the list of clauses, gives a new one. */

const TWO = /^([A-Z]?\d{1,3})\.(\d{1,3})$/;

export const partOf = (clause) => String(clause?.number ?? "").split(".")[0];

/** Numbers the sections of these parts in order, where they are numbered in two steps: 3.1, 3.2. Others stay. */
export function numbered(clauses, parts) {
  const counts = {};
  return clauses.map((clause) => {
    const part = partOf(clause);
    if (!parts.has(part) || !TWO.test(clause.number ?? "")) return clause;
    counts[part] = (counts[part] ?? 0) + 1;
    return { ...clause, number: `${part}.${counts[part]}` };
  });
}

export const renumbered = (clauses) => numbered(clauses, new Set(clauses.map(partOf)));

/** The number of a new section at the end of a part. */
export function next(clauses, part) {
  const taken = clauses.filter((clause) => partOf(clause) === part).map((clause) => Number(TWO.exec(clause.number ?? "")?.[2] ?? 0));
  return `${part}.${Math.max(0, ...taken) + 1}`;
}

/** A new section after the last one of the chosen section's part. @returns {[object[], number]} the list, and its place */
export function add(clauses, chosen, kind, heading) {
  const part = partOf(clauses[chosen] ?? clauses.at(-1)) || "1";
  const last = clauses.findLastIndex((clause) => partOf(clause) === part);
  const place = last < 0 ? clauses.length : last + 1;
  return [clauses.toSpliced(place, 0, { kind, number: next(clauses, part), heading }), place];
}

/** One step up or down. Within a part the two change numbers; over its border the section joins the next part.
    @returns {[object[], number]} the list, and the section's place in it */
export function move(clauses, at, step) {
  const to = at + step;
  if (to < 0 || to >= clauses.length) return [clauses, at];
  const [mine, other] = [clauses[at], clauses[to]];
  if (partOf(mine) === partOf(other)) {
    const list = [...clauses];
    list[to] = { ...mine, number: other.number };
    list[at] = { ...other, number: mine.number };
    return [list, to];
  }
  const parts = new Set([partOf(mine), partOf(other)]);
  const joined = { ...mine, number: `${partOf(other)}.999` };
  return [numbered(clauses.with(at, joined), parts), at];
}

/** A section with the fields that may be left out, left out: the faults say what is not said yet. */
export const remove = (clauses, at) => clauses.toSpliced(at, 1);
