/* <live-text>: what the chosen section says now, what it does to access, what is to mend. Shows; decides nothing.
   A fault leads to its field: tells "wanted" with { clause, field }. */

import { el, fill, sign } from "./el.js";

const TAGS = { more: ["opens-more", "opens", "tag more"], less: ["closes-more", "closes", "tag"], same: ["same", "same", "tag"], limits: ["clock", "limits", "tag"] };

class LiveText extends HTMLElement {
  #words = {};
  #base = "";

  start(words, base) {
    this.#words = words;
    this.#base = base;
  }

  /** @param answer of the preview @param chosen index, -1: the whole text @param access null: not counted; "coming": being counted */
  show(answer, chosen, access) {
    const section = answer.sections[chosen];
    this.replaceChildren(...[
      section ? this.#sentence(section, access) : null,
      this.#mend(answer, chosen),
      this.#does(answer, section, access),
      this.#guarantees(access),
      this.#state(answer, access),
    ].filter(Boolean));
  }

  #tag(way) {
    const [icon, word, css] = TAGS[way];
    return el("span", { class: css }, sign(icon), this.#words[word]);
  }

  /** Every camera as one square, as the reader's page draws it; only the owner's people get it. */
  #field(drawn) {
    if (!drawn) return null;
    const ns = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(ns, "svg");
    for (const [key, value] of Object.entries({ class: "camera-field", viewBox: `0 0 ${drawn.width} ${drawn.height}`, role: "img", "aria-label": drawn.label })) svg.setAttribute(key, value);
    for (const [state, shape] of drawn.paths) {
      const path = document.createElementNS(ns, "path");
      path.setAttribute("class", `f-${state}`);
      path.setAttribute("d", shape);
      svg.append(path);
    }
    return el("figure", { class: "cf" }, el("figcaption", { class: "small mut" }, this.#words.squares, " ", drawn.label, "."), svg);
  }

  #sheet(title, ...inside) {
    return el("section", { class: "sheet lv" }, el("h2", { class: "k" }, title), inside);
  }

  #ways(section, access) {
    if (!access?.sections) return [];
    const mine = access.sections.filter((each) => each.number === section.number && !each.removed);
    const ways = [["more", mine.some((each) => each.opens.length)], ["less", mine.some((each) => each.closes.length)]].filter(([, is]) => is).map(([way]) => way);
    return (ways.length ? ways : mine.some((each) => each.rows.length) ? ["limits"] : ["same"]).map((way) => this.#tag(way));
  }

  #sentence(section, access) {
    const words = this.#words;
    const piece = ([op, text]) => (op === "same" ? text : el(op === "in" ? "ins" : "del", {}, text));
    const law = section.said
      ? section.paragraphs.map((line) => el("p", { class: /^\([a-z]{1,2}\) /.test(line[0]?.[1] ?? "") ? "item" : "" }, line.map(piece)))
      : el("p", {}, el("span", { class: "gap" }, `${section.about.replace(/\.$/, "")}: ________.`));
    return this.#sheet([el("span", {}, words.sentence), el("span", { class: "ways" }, this.#ways(section, access))],
      el("div", { class: `say${section.enforced ? "" : " people"}` }, el("span", { class: "n" }, section.number), el("h3", {}, section.heading), el("div", { class: "law" }, law)),
      el("p", { class: "lv-foot" }, el("span", { class: section.enforced ? "mk" : "mk people" }, sign(section.enforced ? "enforced" : "by-people"), section.enforced ? words.enforced : words.by_people),
        el("span", { class: "small quiet" }, section.enforced ? words.written : section.kind === "kept_by_people" ? words.own_words : words.people_keep)),
      section.explain && section.enforced ? el("p", { class: "small mut" }, section.explain) : null);
  }

  #mend(answer, chosen) {
    const words = this.#words;
    const mine = answer.sections[chosen] ?? answer;
    const lines = [...mine.faults.map((fault) => [fault, "bad"]), ...mine.warnings.map((fault) => [fault, "warn"])];
    if (chosen < 0) lines.push(...answer.sections.flatMap((section, index) => section.faults.map((fault) => [{ ...fault, section, clause: index }, "bad"])));
    if (!lines.length) return null;
    return this.#sheet(lines.some(([, how]) => how === "bad") ? words.mend : words.second_look, el("ul", { class: "mend" }, lines.map(([fault, how]) => {
      const lead = () => this.dispatchEvent(new CustomEvent("wanted", { detail: fault }));
      const what = [sign("warn"), el("span", {}, fault.section ? el("b", {}, `${fault.section.number} `) : null, fault.what, " ", fault.remedy)];
      return el("li", { class: how }, fault.clause === null ? what : el("button", { type: "button", class: "mendbtn", onclick: lead }, what));
    })));
  }

  #does(answer, section, access) {
    const words = this.#words;
    const title = this.#base ? fill(words.does_against, { n: this.#base }) : words.does_new;
    if (access === null || access === "coming") return this.#sheet(title, el("p", { class: "mut" }, access ? words.counting : words.not_counted));
    if (access.fault) return this.#sheet(title, el("p", { class: "note bad" }, access.fault));
    const moves = (each) => each.opens.length || each.closes.length || each.rows.length;
    const mine = access.sections.filter((each) => section && each.number === section.number && !each.removed && moves(each));
    const others = access.sections.filter((each) => !mine.includes(each) && moves(each));
    const inside = mine.map((each) => this.#moved(each));
    if (section && !mine.length) inside.push(el("p", { class: "delta-line" }, this.#tag("same"), el("span", {}, words.nobody_more)));
    if (!section && !others.length) inside.push(el("p", { class: "delta-line" }, this.#tag("same"), el("span", {}, words.nobody_at_all)));
    const rest = others.map((each) => el("div", { class: "delta-other" }, el("b", {}, fill(each.removed ? words.gone : words.section, { n: each.number })), this.#moved(each)));
    if (section && rest.length) inside.push(el("details", { class: "also" }, el("summary", {}, `${words.also} (${rest.length})`), rest));
    else inside.push(...rest);
    if (section) inside.push(this.#field(access.fields?.[section.number]));
    return this.#sheet(title, inside, el("p", { class: "small quiet" }, access.count_inside ? words.real : words.made_up));
  }

  #moved(each) {
    const line = (way) => (text) => el("li", { class: "delta-line" }, this.#tag(way), el("span", {}, text));
    const words = this.#words;
    const none = !each.opens.length && !each.closes.length;
    return [
      el("ul", { class: "delta" }, each.opens.map(line("more")), each.closes.map(line("less")), none ? line("limits")(words.nobody_more) : null),
      each.rows.length ? el("table", { class: "ba" },
        el("thead", {}, el("tr", {}, el("td", {}), el("th", { scope: "col" }, this.#base ? fill(words.before, { n: this.#base }) : words.none), el("th", { scope: "col" }, words.now))),
        el("tbody", {}, each.rows.map(([what, old, now]) => el("tr", {}, el("th", { scope: "row" }, what), el("td", {}, old), el("td", { class: "chg" }, now))))) : null,
    ];
  }

  #guarantees(access) {
    if (!access?.guarantees?.length) return null;
    const words = this.#words;
    const broken = access.guarantees.filter((each) => !each.holds);
    const head = el("p", { class: "small quiet" }, fill(words.cases, { n: access.cases.toLocaleString(document.documentElement.lang) }));
    const examples = broken.map((each) => el("div", { class: "note bad" }, el("p", {}, el("b", {}, each.promise)), el("p", {}, el("b", {}, words.example), " ", each.example), el("p", {}, el("b", {}, words.to_mend), " ", each.change)));
    const row = (each) => el("tr", {}, el("th", { scope: "row" }, each.promise), el("td", { class: each.holds ? "nw" : "nw bad" }, sign(each.holds ? "tick" : "cross"), " ", each.holds ? words.holds : words.breaks));
    return this.#sheet(words.guarantees, head, examples,
      el("details", { class: "also" }, el("summary", {}, broken.length ? `${words.breaks}: ${broken.length} / ${access.guarantees.length}` : fill(words.all_hold, { n: access.guarantees.length })),
        el("table", { class: "ba holds" }, el("tbody", {}, access.guarantees.map(row)))));
  }

  #state(answer, access) {
    const words = this.#words;
    if (answer.count) return el("p", { class: "note warn" }, fill(words.unfinished, { n: answer.count }));
    if (access?.guarantees?.some((each) => !each.holds)) return el("p", { class: "note bad" }, words.broken);
    return el("p", { class: "note good" }, words.finished);
  }
}

customElements.define("live-text", LiveText);
