"use strict";
// Formulas as people write them by hand or paste them, written out in the formula language, as
// Python's reader does. The expressions come from there, as data.

function handReader(rules) {
  const pattern = Object.fromEntries(
    Object.entries(rules.patterns).map(([name, rule]) =>
      [name, new RegExp(rule.source, `${rule.flags}g`)]));
  const functionFor = rules.functionFor;

  const isWhole = (name, text) => new RegExp(`^(?:${rules.patterns[name].source})$`, "u").test(text);
  const startsWith = (name, text) => new RegExp(`^(?:${rules.patterns[name].source})`, "u").exec(text);

  // Replace what a pattern finds; what null is made of stays.
  function replaced(source, name, made) {
    let found = "", from = 0, count = 0;
    for (const match of source.matchAll(pattern[name])) {
      if (count++ >= rules.most) break;
      found += source.slice(from, match.index) + (made(match) ?? match[0]);
      from = match.index + match[0].length;
    }
    return found + source.slice(from);
  }

  const after = (match) => match.input.slice(match.index + match[0].length).trimStart();

  function closing(source, at) {
    const end = { "{": "}", "(": ")", "[": "]" }[source[at]];
    for (let place = at, depth = 0; place < source.length; place += 1) {
      depth += (source[place] === source[at]) - (source[place] === end);
      if (depth === 0) return place;
    }
    return null;
  }

  const last = (name, source) => [...source.matchAll(pattern[name])].at(-1);

  // Where the next groups in curly brackets begin and end, or null.
  function braced(source, from, count) {
    const found = [];
    for (let at = from; found.length < count;) {
      while (source[at] === " ") at += 1;
      const end = source[at] === "{" ? closing(source, at) : null;
      if (end === null) return null;
      found.push([at, end]);
      at = end + 1;
    }
    return found;
  }

  function letters(word) {
    return [...word].map((char) => rules.letters[char] ?? [...char.normalize("NFKD")]
      .map((one) => rules.letters[one] ?? one).join("")).join("")
      .replace(/(?<=[0-9])_+(?=[0-9])/gu, "|").replaceAll("_", "");
  }

  function sameKey(word, names) {
    const plain = letters(word), all = [...names];
    const same = all.filter((name) => letters(name) === plain);
    return same.length ? same
      : all.filter((name) => letters(name).toLowerCase() === plain.toLowerCase());
  }

  // --- LaTeX ----------------------------------------------------------------------------------

  function latex(written, known) {
    if (!/[\\$]/.test(written)) return written;
    let source = replaced(written, "space", () => " ");
    source = replaced(source, "times", () => "*");
    source = replaced(source, "wrapped", (m) => (m[1] ?? m[2]).trim());
    source = replaced(source, "bar", (m) => m[1] ? "|" : "\u2016");
    source = replaced(source, "bare",
      (m) => m[1] ? `\\${m[1]}{${m[2]}}{${m[3]}}` : `\\sqrt{${m[5]}}`);
    source = replaced(source, "accented", (m) => {
      const base = (m[2] ?? m[3]).replace(/^\\/, ""), accent = rules.accents[m[1]] ?? m[1];
      const fitting = [`${base}_${accent}`, `${base}${accent}`].filter((one) => known.names.has(one));
      return fitting.length === 1 ? fitting[0] : null;
    });
    const inBrackets = (text) => isWhole("atom", text.trim()) ? text : `(${text})`;
    for (let count = 0; count < rules.most; count += 1) {
      const found = last("fraction", source);
      const parts = found && braced(source, found.index + found[0].length, 2);
      if (!parts) break;
      const [above, below] = parts.map(([from, end]) => inBrackets(source.slice(from + 1, end)));
      source = `${source.slice(0, found.index)}(${above}/${below})${source.slice(parts[1][1] + 1)}`;
    }
    for (let count = 0; count < rules.most; count += 1) {
      const found = last("root", source);
      const parts = found && braced(source, found.index + found[0].length, 1);
      if (!parts) break;
      const [[from, end]] = parts;
      source = `${source.slice(0, found.index)}sqrt(${source.slice(from + 1, end)})${
        source.slice(end + 1)}`;
    }
    source = replaced(source, "based", (m) => `log_${m[1]} `);
    return replaced(source, "command", (m) => command(m, known));
  }

  function command(match, known) {
    const behind = after(match);
    const called = behind.startsWith("(") || startsWith("operand", behind) !== null;
    let name = match[1];
    if (called && !known.names.has(name) && !rules.several.includes(name)) {
      name = functionFor[name] ?? name;
    }
    const isFunction = known.functions.has(name);
    if (known.names.has(name) || (isFunction && called) || name === "pi") {
      return behind.startsWith("(") || !isFunction ? name : `${name} `;
    }
    return name === "div" ? "/" : null;
  }

  // --- subscripts, powers, bars, roots --------------------------------------------------------

  function subscripts(written, known) {
    let source = replaced(written, "subscript", (m) => {
      const found = subscript(m[1], m[2], known);
      const follows = m.input[m.index + m[0].length] ?? "";
      return found !== null && /[\p{L}\p{N}_]/u.test(follows) ? `${found} ` : found;
    });
    source = replaced(source, "digits below", (m) =>
      subscript(m[1], [...m[2]].map((char) => rules.below.indexOf(char)).join(""), known));
    return replaced(source, "name", (m) => {
      const at = m[1].lastIndexOf("_");
      if (known.names.has(m[1]) || known.functions.has(m[1]) || at < 0) return null;
      return subscript(m[1].slice(0, at), m[1].slice(at + 1), known);
    });
  }

  function subscript(base, said, known) {
    const below = said.replace(/\s/gu, "");
    const plain = below.replace(/[^\p{L}\p{N}_]/gu, "");
    const names = [`${base}_${plain}`, `${base}${plain}`].filter((one) => known.names.has(one));
    const takes = known.names.get(base) ?? 0;
    let parts = below.split(",");
    if (parts.length === 1 && below.length === takes && takes > 1 && /^\p{Nd}+$/u.test(below)) {
      parts = [...below];
    }
    if (names.length && plain === below) return names.length === 1 ? names[0] : null;
    const fits = parts.length <= takes && parts.every((part) => isIndex(part, known));
    return fits ? `${base}[${parts.join(", ")}]` : null;
  }

  function isIndex(part, known) {
    const found = /^(?:-?[0-9]{1,3}|([\p{L}_][\p{L}\p{N}_]*)(?:[-+][0-9]{1,3})?)$/u.exec(part);
    return found !== null && (found[1] === undefined || known.variables.has(found[1]));
  }

  function transposes(source, known) {
    return known.names.has("T") ? source : replaced(source, "transpose", () => ".T");
  }

  function powers(written) {
    let source = replaced(written, "power", () => "**");
    for (let count = 0; count < rules.most; count += 1) {
      const at = source.indexOf("**{");
      const end = at < 0 ? null : closing(source, at + 2);
      if (end === null) break;
      const inside = source.slice(at + 3, end);
      const plain = isWhole("plain power", inside) ? inside : `(${inside})`;
      source = `${source.slice(0, at + 2)}${plain}${source.slice(end + 1)}`;
    }
    return source;
  }

  // `|x|` is the absolute value and `‖x‖` the norm, where it is clear which bar opens.
  function bars(written) {
    let source = written;
    for (const [bar, name] of [["|", "abs"], ["\u2016", "norm"], ["\u2225", "norm"]]) {
      const places = [];
      let depth = 0, clear = true;
      for (let at = source.indexOf(bar); at >= 0; at = source.indexOf(bar, at + 1)) {
        const before = source.slice(0, at).trimEnd().at(-1);
        const opens = before === undefined || !/[\p{L}\p{N}_)\].|\u2016\u2225]/u.test(before);
        depth += opens ? 1 : -1;
        clear &&= (depth === 0 || depth === 1) && before !== bar;
        places.push([at, opens]);
      }
      if (!clear || depth !== 0) continue;
      for (const [at, opens] of places.reverse()) {
        source = source.slice(0, at) + (opens ? `${name}(` : ")") + source.slice(at + 1);
      }
    }
    return source;
  }

  function roots(written) {
    let source = written;
    for (let count = 0; count < rules.most; count += 1) {
      const sign = last("radical", source);
      if (!sign) break;
      const rest = source.slice(sign.index + sign[0].length), before = source.slice(0, sign.index);
      if (rest.startsWith("(")) {
        source = `${before}sqrt${rest}`;
        continue;
      }
      const atom = startsWith("atom", rest)?.[0];
      if (atom === undefined || /^,[0-9]/.test(rest.slice(atom.length))) break;
      source = `${before}sqrt(${atom})${rest.slice(atom.length)}`;
    }
    return source;
  }

  // --- functions, letters, products -----------------------------------------------------------

  function calls(written, known) {
    return replaced(replaced(written, "library", () => ""), "name", (m) => {
      const name = m[1];
      if (!after(m).startsWith("(") || known.functions.has(name)) return null;
      if (rules.several.includes(name) || sameKey(name, known.names.keys()).length) return null;
      const meant = functionFor[name];
      return known.functions.has(meant) ? meant : null;
    });
  }

  function spellings(written, known) {
    return replaced(written, "name", ({ 1: name }) => {
      if (known.names.has(name) || known.functions.has(name) || known.variables.has(name)) return null;
      if (name === "\u03c0") return "pi";
      if (/^[\x00-\x7f]*$/.test(name)) return null;
      const same = sameKey(name, known.names.keys());
      return same.length === 1 ? same[0] : null;
    });
  }

  // `ln x` is `log(x)` where nothing follows that could stand in the brackets as well.
  function applications(written, known) {
    return replaced(written, "applied", (m) => {
      const operand = m[2].trimEnd(), blanks = m[2].slice(operand.length);
      const name = known.functions.has(m[1]) ? m[1] : functionFor[m[1]] ?? m[1];
      const fits = known.functions.has(name) && !known.names.has(m[1])
        && !rules.several.includes(m[1]);
      const plain = !known.functions.has(operand) && !rules.words.includes(operand);
      return fits && plain ? `${name}(${operand})${blanks}` : null;
    });
  }

  // `*` between factors; of two arrays it may be `@` that is meant, so these stay apart.
  function products(written, known) {
    const isNumber = (name) => known.names.get(name) === 0;
    const used = [...written.matchAll(pattern.name)].map((m) => m[1]);
    const numbers = !used.some((name) => known.names.get(name));
    const source = replaced(written, "factors", (m) => {
      const name = /^\s*([\p{L}_][\p{L}\p{N}_]*)/u.exec(m.input.slice(m.index + m[0].length));
      const { number, closed } = m.groups;
      return number || numbers || (name && isNumber(name[1])) ? `${number ?? closed}*` : null;
    });
    return replaced(source, "names", ({ groups: { left, right } }) => {
      if (!known.names.has(left)) return null;
      if (!known.names.has(right) && !known.functions.has(right)) return null;
      return isNumber(left) || isNumber(right) ? `${left}*` : null;
    });
  }

  // Return a formula with what is written by hand in the signs of the formula language.
  // `known` has the names with how many subscripts each takes, the functions, and the indices.
  function writtenOut(source, known) {
    for (const found of source.matchAll(pattern["power of a function"])) {
      if (known.functions.has(found[1].replace(/^\\/, ""))) return source;
    }
    const passes = [latex, subscripts, transposes, powers, bars, roots, calls, spellings,
      applications, products, spellings];
    return passes.reduce((found, read) => read(found, known), source).trim();
  }

  const latexOut = (source, known) => roots(latex(source, known));

  // Whether the words of a text are constants and functions that are called.
  function isOfNumbers(source) {
    return [...source.matchAll(pattern.word)].every((m) =>
      rules.constants.includes(m[0]) || after(m).startsWith("("));
  }

  return { writtenOut, latexOut, isOfNumbers };
}
