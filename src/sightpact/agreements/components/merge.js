/* Two people changed one draft: what only one of them changed is taken from that one. Pure. */

import { same } from "./el.js";

const keyOf = (clause) => String(clause?.number ?? "");
const byKey = (document) => new Map((document.clauses ?? []).map((clause) => [keyOf(clause), clause]));

/**
 * @param base what both began from @param mine @param theirs
 * @returns {{document: object, conflicts: {number: string, theirs: object | null}[]}} mine, with their changes in; where
 *   both changed the same section mine stays and theirs stands in `conflicts`
 */
export function merge(base, mine, theirs) {
  const [was, here, there] = [byKey(base), byKey(mine), byKey(theirs)];
  const conflicts = [];
  const clauses = [];
  for (const [number, clause] of here) {
    const [old, other] = [was.get(number), there.get(number)];
    if (same(other, old) || same(other, clause)) clauses.push(clause);
    else if (same(clause, old)) { if (other) clauses.push(other); } // they changed it, or took it out
    else { clauses.push(clause); conflicts.push({ number, theirs: other ?? null }); }
  }
  let last = -1; // what they added goes behind the section it stands behind in theirs
  for (const clause of theirs.clauses ?? []) {
    const number = keyOf(clause);
    const place = clauses.findIndex((each) => keyOf(each) === number);
    if (place >= 0) last = place;
    else if (!was.has(number)) clauses.splice(++last, 0, clause);
    else if (!same(was.get(number), clause)) conflicts.push({ number, theirs: clause }); // I took it out, they changed it
  }
  const document = { ...mine, clauses };
  for (const key of ["title", "parts"]) if (same(mine[key], base[key])) document[key] = theirs[key];
  return { document, conflicts };
}
