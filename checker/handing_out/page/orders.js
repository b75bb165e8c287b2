"use strict";
// Orders of growth as on a blackboard: `O(G^2 H (D + H))`, with products that have no sign.

function orderReader(rules, formulas, hand, symbols) {
  const token = new RegExp(rules.token.source, rules.token.flags + "g");
  const left = expression(rules["left side"]);
  const lower = expression(rules["lower bound"]);
  const calligraphic = new RegExp(rules.calligraphic.source, "gu");
  const functions = new Set(rules.functions);
  const names = new Set(symbols);
  const known = { names: new Map(symbols.map((name) => [name, 0])), functions };
  const bounds = rules.bounds.filter((bound) => bound === "O" || !names.has(bound));
  const begins = new Set(["number", "name", "word", "function", "open"]);
  const ends = new Set(["number", "name", "word", "close"]);

  // `GH` as G and H, `nlogn` as n, log and n; null where it isn't made of names.
  function splitNames(word) {
    if (word.length > 40) return null;
    const extra = ["log", "sqrt", "ln"].filter((name) => functions.has(name));
    const known = [...new Set([...names, ...extra])].sort((a, b) => b.length - a.length);
    const reached = [[]];
    for (let at = 0; at < word.length; at += 1) {
      if (!reached[at]) continue;
      for (const part of known) {
        if (word.startsWith(part, at)) reached[at + part.length] ??= [...reached[at], part];
      }
    }
    return reached[word.length] ?? null;
  }

  function* words(text) {
    if (text in rules.latexSigns) {
      if (rules.latexSigns[text]) yield { kind: "other", source: rules.latexSigns[text] };
      return;
    }
    const bare = text.replace(/^\\/, "");
    const word = names.has(bare) ? bare : rules.logarithms[bare] ?? bare;
    if (names.has(word)) yield { kind: "name", source: word };
    else if (functions.has(word)) yield { kind: "function", source: word };
    else {
      const parts = splitNames(word);
      if (parts === null) yield { kind: "word", source: word };
      else {
        for (const part of parts) {
          yield { kind: names.has(part) ? "name" : "function", source: part };
        }
      }
    }
  }

  function* tokensOf(source) {
    for (const { 0: text, groups } of source.matchAll(token)) {
      const kind = Object.keys(groups).find((name) => groups[name] !== undefined);
      if (kind === "blank" || (kind === "other" && text === "\\")) continue;
      if (kind === "word") yield* words(text);
      else if (kind === "power") yield { kind, source: "**" };
      else if (kind === "open") yield { kind, source: "(" };
      else if (kind === "close") yield { kind, source: ")" };
      else yield { kind, source: text };
    }
  }

  // Where the factor that begins at a token ends: a bracket, or a name and its power.
  function factorEnd(tokens, at) {
    if (tokens[at]?.kind === "function" && tokens[at + 1]?.kind !== "open") {
      return factorEnd(tokens, at + 1);
    }
    let depth = 0;
    for (let end = at; end < tokens.length; end += 1) {
      depth += (tokens[end].kind === "open") - (tokens[end].kind === "close");
      if (depth <= 0) {
        const power = depth === 0 && tokens[end + 1]?.kind === "power";
        return Math.min(end + (power ? 3 : 1), tokens.length);
      }
    }
    return tokens.length;
  }

  function signed(tokens) {
    const found = [];
    let at = 0;
    while (at < tokens.length) {
      const one = tokens[at];
      if (found.length && ends.has(found.at(-1).kind) && begins.has(one.kind)) {
        found.push({ kind: "other", source: "*" });
      }
      found.push(one);
      at += 1;
      if (one.kind !== "function" || tokens[at]?.kind === "open") continue;
      let power = [];
      if (tokens[at]?.kind === "power") {
        power = tokens.slice(at, at + 2);
        at += 2;
      }
      const end = factorEnd(tokens, at);
      found.push({ kind: "open", source: "(" }, ...signed(tokens.slice(at, end)),
        { kind: "close", source: ")" }, ...power);
      if (power.length) found.push({ kind: "close", source: "" });
      at = end;
    }
    return found;
  }

  // Return {tree}, or {problem}.
  function check(text) {
    let source = formulas.asMeant(text);
    const below = lower.exec(source);
    if (below && !names.has(below[0].replace(/[( ]+$/, ""))) {
      return { problem: "this is a lower bound: write `O(…)` or `Θ(…)`" };
    }
    source = source.replaceAll("$", " ").replace(/[ .,;]+$/, "");
    source = source.replace(left, "").replace(calligraphic, "O");
    source = hand.latexOut(source, known);
    const all = [...tokensOf(source)];
    const kept = all.filter((one, at) =>
      !(bounds.includes(one.source) && all[at + 1]?.kind === "open"));
    const written = signed(kept).map((one) => one.source).join("");
    try {
      const tree = formulas.parseSource(written);
      for (const node of namesIn(tree)) {
        const isConstant = ["e", "pi"].includes(node.name);
        if (!names.has(node.name) && !isConstant) {
          const near = nearest(node.name, names);
          const expected = near ? `; did you mean \`${near}\`?`
            : `: expected ${[...names].map((one) => `\`${one}\``).join(", ")}`;
          return { problem: `unknown quantity \`${node.name}\`${expected}` };
        }
      }
      return { tree };
    } catch (problem) {
      if (!(problem instanceof FormulaProblem)) throw problem;
      return { problem: problem.message };
    }
  }

  return { check };
}

function* namesIn(node) {
  if (node.kind === "name") yield node;
  for (const arg of node.args ?? []) yield* namesIn(arg);
}
