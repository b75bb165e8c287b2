"use strict";
// The formula language: text to a tree, the names in it, and the shape of its value.
// Signs, names of functions, limits and hints come from Python's own parser, as data.

class FormulaProblem extends Error {
  constructor(message, at = 0) {
    super(message);
    this.at = at;
  }
}

// An operand that is given by its name.
class Operand {
  constructor(node) {
    this.node = node;
  }
}

function formulaReader(rules, sheet, hand) {
  const hints = Object.fromEntries(
    ["command", "transposed", "power in braces", "index in braces", "power of a function",
      "last sign", "comma in a number", "leading zero", "equals sign", "implicit product",
    ].map((name) => [name, expression(rules[name])]));
  const number = new RegExp(rules.decimal.source.replace(/\$$/, ""), "uy");
  const word = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}]*/uy;
  const wordSign = /[\p{L}\p{N}_]/u;
  const refused = /[\p{Cc}\p{Cs}\p{Sm}\p{No}#\\;|]/u;
  const operations = rules.operations;
  const functions = new Set(sheet.functions);
  const ranges = new Map(Object.entries(sheet.index));
  const quantities = quantitiesOf(sheet.names);
  const subscriptsOf = ({ depth, boxes }) => depth + boxes[0].shape.length;
  const known = {
    names: new Map([...quantities].map(([name, one]) => [name, subscriptsOf(one)])),
    functions,
    variables: ranges,
  };
  const numbersOnly = { names: new Map(), variables: new Map() };
  const elementary = new Set(Object.keys(rules.elementary));

  const COMPARED = ["<=", ">=", "==", "!=", "<", ">"];
  const JOINED = ["and", "or", "not"];

  // --- text to tokens -------------------------------------------------------------------------

  // Signs that have one meaning are read as meant: a minus of any length, crosses, a raised 2.
  function asMeant(text) {
    let source = "", power = "";
    for (const char of [...text.trim(), ""]) {
      if (char in rules.raised) {
        power += rules.raised[char];
        continue;
      }
      if (power) source += /^([-+]?[0-9]+|[a-z])$/.test(power) ? `**${power}` : `**(${power})`;
      power = "";
      if (char in rules.fractions) {
        // One and a half is no product.
        const whole = /(?<![\p{L}\p{N}_.])[0-9]+$/u.exec(source);
        source = whole ? `${source.slice(0, whole.index)}(${whole[0]}+${rules.fractions[char]})`
          : `${source}(${rules.fractions[char]})`;
      } else source += /\s/.test(char) ? " " : rules.signs[char] ?? char;
    }
    return source;
  }

  function checkDepth(source) {
    let depth = 0, run = 0;
    for (const char of source) {
      depth += "([{".includes(char) - ")]}".includes(char);
      run = "-+~*".includes(char) ? run + 1 : char === " " ? run : 0;
      if (depth > rules.deepest || run > rules.deepest) {
        throw new FormulaProblem("the formula is nested too deeply");
      }
    }
  }

  function checkNotation(source) {
    const command = hints.command.exec(source);
    if (command) {
      const name = command[1];
      const write = rules.writeForCommand[name] ??
        (functions.has(name) ? `\`${name}(x)\`` : "it in plain text, such as `a * b / c`");
      throw new FormulaProblem(`\`\\${name}\` is LaTeX: write ${write}`, command.index);
    }
    for (const [hint, words] of [
      ["transposed", "`^T` is not a transpose here: write `W.T`"],
      ["power in braces", "write a power as `x**(…)`"],
      ["index in braces", "write an index in square brackets, as in `h[1]`"],
    ]) {
      const found = hints[hint].exec(source);
      if (found) throw new FormulaProblem(words, found.index);
    }
    const powers = new RegExp(hints["power of a function"].source, "gu");
    for (const found of source.matchAll(powers)) {
      if (functions.has(found[1])) {
        throw new FormulaProblem(
          `the power of a function stands behind it: write \`${found[1]}(…)**${found[2]}\``,
          found.index);
      }
    }
    const last = hints["last sign"].exec(source);
    if (last && last.index > 0) {
      throw new FormulaProblem(`leave out \`${last[0]}\` at the end`, last.index);
    }
    const commas = new RegExp(hints["comma in a number"].source, "gu");
    for (const found of source.matchAll(commas)) {
      const before = source.slice(0, found.index);
      const count = (char) => before.split(char).length;
      if (count("(") === count(")") && count("[") === count("]")) {
        const point = found[0].replace(",", ".");
        throw new FormulaProblem(
          `is \`${found[0]}\` a number with a decimal comma? Write \`${point}\``, found.index);
      }
    }
    let at = 0;
    for (const char of source) {
      const isLetter = char > "\x7f" && /\p{L}|\p{Nl}/u.test(char);
      if (refused.test(char) && !"+-*/<>=~^".includes(char) && !isLetter) {
        const write = rules.writeForSign[char];
        throw new FormulaProblem(
          `\`${char}\` is not part of a formula${write ? `: ${write}` : ""}`, at);
      }
      at += char.length;
    }
  }

  function tokens(source) {
    const found = [];
    let at = 0;
    while (at < source.length) {
      const char = source[at];
      if (char === " ") {
        at += 1;
        continue;
      }
      const start = at;
      number.lastIndex = word.lastIndex = at;
      const digits = number.exec(source);
      const name = digits ? null : word.exec(source);
      if (digits) {
        at = number.lastIndex;
        if (at < source.length && wordSign.test(source[at])) throw cantParse(source, at);
        found.push({ kind: "number", text: digits[0], start });
      } else if (name) {
        at = word.lastIndex;
        const text = name[0].normalize("NFKC");
        if (JOINED.includes(text)) {
          found.push({ kind: "sign", text, start });
          continue;
        }
        if (rules.keywords.includes(text)) {
          throw new FormulaProblem(`\`${text}\` is a word of the language and no name`, start);
        }
        found.push({ kind: "name", text, start });
      } else if (char === "'" || char === '"') {
        const end = source.indexOf(char, at + 1);
        if (end < 0) throw cantParse(source, at);
        found.push({ kind: "text", text: source.slice(at, end + 1), start });
        at = end + 1;
      } else {
        const two = source.slice(at, at + 2);
        const text = ["**", ...COMPARED].includes(two) ? two : char;
        if (!"+-*/@^()[],.=:<>".includes(char) && text !== "!=") throw cantParse(source, at);
        found.push({ kind: "sign", text, start });
        at += text.length;
      }
    }
    return found;
  }

  // Say why a text can't be parsed, as far as its look tells.
  function cantParse(source, at) {
    const equals = hints["equals sign"].exec(source);
    if (equals) {
      const before = source.slice(0, equals.index);
      if (before.split("(").length === before.split(")").length) {
        return new FormulaProblem(
          "a formula is a value, not an equation: leave out what stands left of `=`",
          equals.index);
      }
    }
    const zero = hints["leading zero"].exec(source);
    if (zero) return new FormulaProblem("a number doesn't begin with 0", zero.index);
    const closing = { "(": ")", "[": "]", "{": "}" }, opened = [];
    for (const [place, char] of [...source].entries()) {
      if (char in closing) opened.push([char, place]);
      else if (Object.values(closing).includes(char)) {
        const [last, where] = opened.pop() ?? [];
        if (last === undefined) {
          return new FormulaProblem(`the bracket \`${char}\` was not opened`, place);
        }
        if (closing[last] !== char) {
          return new FormulaProblem(
            `the bracket \`${last}\` is closed by \`${char}\`: expected \`${closing[last]}\``,
            where);
        }
      }
    }
    if (opened.length) {
      const [last, where] = opened.at(-1);
      return new FormulaProblem(`the bracket \`${last}\` is opened and not closed`, where);
    }
    const implicit = hints["implicit product"].exec(source);
    if (implicit) {
      return new FormulaProblem(
        `a product needs its sign: write \`*\` between the factors in \`${implicit[0].trim()}\``,
        implicit.index);
    }
    if (at >= source.length) return new FormulaProblem("the formula ends too early", at);
    const write = rules.writeForSign[source[at]];
    const between = /[\p{L}\p{N}_]\s+[\p{L}\p{N}_]/u.test(source)
      ? "; between two names an operator is missing (write `*` for a product)" : "";
    return new FormulaProblem(
      `unexpected \`${source[at]}\`${write ? `: ${write}` : ""}${between}`, at);
  }

  // --- tokens to a tree -----------------------------------------------------------------------

  function parse(text) {
    if ([...text].length > rules.longest) {
      throw new FormulaProblem(
        `the formula is too long: expected at most ${rules.longest} characters`);
    }
    return parseSource(asMeant(text));
  }

  function parseSource(source) {
    if (!source) throw new FormulaProblem("the formula is empty");
    checkDepth(source);
    checkNotation(source);
    const all = tokens(source);
    let next = 0, parts = 0;

    const peek = (sign) => all[next]?.kind === "sign" && all[next].text === sign;
    const fail = () => cantParse(source, all[next]?.start ?? source.length);
    const take = (sign) => {
      if (!peek(sign)) throw fail();
      next += 1;
    };
    const counted = (node) => {
      parts += 1;
      if (parts > rules.mostParts) {
        throw new FormulaProblem(`the formula is too large (more than ${rules.mostParts} parts)`);
      }
      return node;
    };
    const apply = (operation, args, start, more = {}) =>
      counted({ kind: "apply", operation, args, start, params: {}, ...more });

    function list(closing) {
      const items = [];
      let comma = false;
      while (!peek(closing) && next < all.length) {
        items.push(closing === "]" ? subscripted() : condition());
        comma = peek(",");
        if (!comma) break;
        next += 1;
      }
      return { items, comma };
    }

    // Comparisons, and what joins them: 1 where they hold, 0 elsewhere.
    function condition() {
      return joined("or", () => joined("and", negated));
    }

    function joined(word, part) {
      let left = part();
      while (peek(word)) {
        const { start } = all[next++];
        const right = part();
        for (const one of [left, right]) checkIsCondition(one, start);
        left = apply(word === "and" ? "minimum" : "maximum", [left, right], left.start, {
          isCondition: true,
        });
      }
      return left;
    }

    function negated() {
      if (!peek("not")) return comparison();
      const { start } = all[next++];
      const inner = negated();
      checkIsCondition(inner, start);
      const one = { kind: "number", text: "1", start };
      return apply("add", [one, inner], start, { signs: [1, -1] });
    }

    function checkIsCondition(node, at) {
      if (!node.isCondition) {
        throw new FormulaProblem(
          "`and`, `or` and `not` stand between comparisons such as `t > 0`", at);
      }
    }

    function comparison() {
      let left = sum();
      let found = null;
      while (COMPARED.some(peek)) {
        const sign = all[next++].text;
        const right = sum();
        const one = apply("compare", [left, right], left.start, { sign, isCondition: true });
        found = found === null ? one
          : apply("minimum", [found, one], found.start, { isCondition: true });
        left = right;
      }
      return found ?? left;
    }

    // What stands in square brackets: an index, a quantity, or a range `0:2` of them.
    function subscripted() {
      const { start } = all[next];
      const first = peek(":") ? null : condition();
      if (!peek(":")) return first;
      const parts = [first];
      while (peek(":") && parts.length < 3) {
        next += 1;
        parts.push(peek(":") || peek(",") || peek("]") ? null : condition());
      }
      return { kind: "range", parts, start };
    }

    function sum() {
      let left = product();
      while (peek("+") || peek("-")) {
        const sign = all[next++].text;
        left = apply("add", [left, product()], left.start, { signs: [1, sign === "+" ? 1 : -1] });
      }
      return left;
    }

    function product() {
      let left = signed();
      while (peek("*") || peek("/") || peek("@") || peek("^")) {
        const { text: sign, start } = all[next++];
        if (sign === "^") throw new FormulaProblem("`^` is not a power here: write `**`", start);
        const operation = { "*": "multiply", "/": "divide", "@": "matmul" }[sign];
        left = apply(operation, [left, signed()], left.start);
      }
      return left;
    }

    function signed() {
      if (peek("+")) {
        next += 1;
        return signed();
      }
      if (peek("-")) {
        const { start } = all[next++];
        return apply("negate", [signed()], start);
      }
      const base = trailed();
      if (!peek("**")) return base;
      next += 1;
      return apply("power", [base, signed()], base.start);
    }

    function trailed() {
      let node = atom();
      for (;;) {
        if (peek("(")) node = call(node);
        else if (peek("[")) node = subscript(node);
        else if (peek(".")) {
          next += 1;
          const name = all[next]?.kind === "name" ? all[next++].text : null;
          if (name === null) throw fail();
          if (name !== "T") {
            throw new FormulaProblem(
              functions.has(name) ? `a function's name comes first: write \`${name}(…)\``
                : `\`.${name}\` is not known; only \`.T\` (the transpose) is`, node.start);
          }
          node = apply("transpose", [node], node.start);
        } else return node;
      }
    }

    function atom() {
      const token = all[next];
      if (token === undefined) throw fail();
      if (token.kind === "number") {
        if (/^0[0-9]*[1-9][0-9]*$/.test(token.text)) throw cantParse(source, token.start);
        if (!Number.isFinite(Number(token.text))) {
          throw new FormulaProblem("this number is too large", token.start);
        }
        next += 1;
        return counted({ kind: "number", text: token.text, start: token.start });
      }
      if (token.kind === "name") {
        if (token.text.length > rules.longestName) {
          throw new FormulaProblem("this name is too long", token.start);
        }
        next += 1;
        return counted({ kind: "name", name: token.text, index: [], start: token.start });
      }
      if (peek("(")) {
        next += 1;
        const { items, comma } = list(")");
        take(")");
        if (items.length === 1 && !comma) return items[0];
        if (!items.length) throw new FormulaProblem("an empty list has no value", token.start);
        return apply("stack", items, token.start);
      }
      if (peek("[")) {
        next += 1;
        const { items } = list("]");
        take("]");
        if (!items.length) throw new FormulaProblem("an empty list has no value", token.start);
        if (items.some((item) => item.kind === "range")) throw fail();
        return apply("stack", items, token.start);
      }
      throw fail();
    }

    function subscript(base) {
      take("[");
      const { items } = list("]");
      take("]");
      if (!items.length) throw fail();
      if (items.some((item) => item.kind === "range")) return ranged(base, items);
      const indices = items.map(asIndex);
      if (indices.every((index) => index !== null)) {
        if (base.kind === "name") return { ...base, index: [...base.index, ...indices] };
        return apply("item", [base], base.start, { index: indices });
      }
      if (items.length > 1 || holdsVariable(items[0])) {
        throw new FormulaProblem(
          "a subscript is an index such as `t`, `t-1` or `2-t`, a number, or one quantity",
          items[0].start);
      }
      return apply("pick", [base, items[0]], base.start);
    }

    function ranged(base, items) {
      let own = 0;
      if (base.kind === "name") {
        while (items[own].kind !== "range" && asIndex(items[own])) own += 1;
      }
      const inner = own
        ? { ...base, index: [...base.index, ...items.slice(0, own).map(asIndex)] } : base;
      const at = items.slice(own).map((item) => {
        if (item.kind !== "range") {
          const index = asIndex(item);
          if (index) return index;
          throw new FormulaProblem(
            "beside a range stands an index, a number or another range", item.start);
        }
        const ends = item.parts.map((part) => part && asIndex(part));
        if (item.parts.some((part, place) => part && !ends[place])) {
          throw new FormulaProblem("a range has numbers or indices as its ends", item.start);
        }
        return { range: ends };
      });
      return apply("part", [inner], base.start, { at });
    }

    function call(node) {
      const { start } = all[next];
      take("(");
      if (node.kind !== "name" || node.index.length) {
        throw new FormulaProblem("only a function's name can be called; a product needs `*`", start);
      }
      if (!functions.has(node.name)) {
        const known = rules.functionFor[node.name] ?? nearest(node.name, functions);
        const hint = known ? `; did you mean \`${known}\`?` : "";
        const product = node.name.length <= 2 || quantities.has(node.name)
          ? ` (for a product write \`${node.name}*(…)\`)` : "";
        throw new FormulaProblem(`unknown function \`${node.name}\`${hint}${product}`, node.start);
      }
      const args = [], params = {};
      while (!peek(")") && next < all.length) {
        const after = all[next + 1];
        if (all[next].kind === "name" && after?.kind === "sign" && after.text === "=") {
          const name = all[next].text;
          next += 2;
          params[name] = parameter();
        } else if (Object.keys(params).length) throw fail();
        else args.push(condition());
        if (!peek(",")) break;
        next += 1;
      }
      take(")");
      takeByName(node, args, params);
      return apply(node.name, args, node.start, { params });
    }

    // Constants may stand behind the operands, and operands by their names.
    function takeByName(node, args, params) {
      const rule = operations[node.name];
      if (!rule) return;
      const wrong = (words) => {
        throw new FormulaProblem(`\`${node.name}\`: ${words}`, node.start);
      };
      const most = rule.arity[1];
      const names = rule.takes.filter((name) => !rule.operands.includes(name));
      const more = args.slice(most).map(constant);
      if (!rule.forTwo && more.length && more.length <= names.length && !more.includes(null)) {
        args.length = most;
        more.forEach((value, at) => {
          if (names[at] in params) wrong(`\`${names[at]}\` is given twice`);
          params[names[at]] = value;
        });
      }
      for (const [said, value] of Object.entries(params)) {
        const known = rule.takes.includes(said) || rule.operands.includes(said);
        const name = known ? said : rules.otherNames[said] ?? said;
        if (name !== said) {
          delete params[said];
          params[name] = value;
        }
        if (rule.takes.includes(name) && !(value instanceof Operand)) continue;
        const at = rule.operands.indexOf(name);
        if (at < 0) continue;
        if (at < args.length) wrong(`\`${name}\` is given twice`);
        if (at > args.length) wrong(`\`${rule.operands[args.length]}\` is needed as well`);
        delete params[name];
        args.push(value instanceof Operand ? value.node : { kind: "number", text: String(value), start: node.start });
      }
      const left = Object.entries(params).find(([, value]) => value instanceof Operand);
      if (left) wrong("a named argument is a constant");
    }

    // A named argument is a constant: a number, a word, or a list of whole numbers.
    function parameter() {
      if (all[next]?.kind === "text") return all[next++].text.slice(1, -1);
      const node = condition();
      return constant(node) ?? new Operand(node);
    }

    function constant(node) {
      if (node.kind === "number") return Number(node.text);
      if (node.kind !== "apply") return null;
      if (node.operation === "negate") {
        const value = constant(node.args[0]);
        return typeof value === "number" ? -value : null;
      }
      const items = node.operation === "stack" ? node.args.map(constant) : [null];
      return items.every((item) => Number.isInteger(item)) ? items : null;
    }

    const { items, comma } = list("");
    if (next < all.length || !items.length) throw fail();
    if (items.length === 1 && !comma && items[0].isCondition) {
      throw new FormulaProblem("a formula is a value: it can't be compared with another");
    }
    return items.length === 1 && !comma ? items[0] : apply("stack", items, 0);
  }

  // A subscript as offset + scale * variable, or null where it is something else.
  function asIndex(node) {
    if (node.kind === "number") {
      return /^[0-9]+$/.test(node.text) ? { variable: null, offset: Number(node.text), scale: 1 }
        : null;
    }
    if (node.kind === "name" && !node.index.length && ranges.has(node.name)) {
      return { variable: node.name, offset: 0, scale: 1 };
    }
    if (node.kind !== "apply") return null;
    if (node.operation === "negate" && node.args[0].kind === "number") {
      const inner = asIndex(node.args[0]);
      return inner && { ...inner, offset: -inner.offset };
    }
    if (node.operation !== "add") return null;
    const [left, right] = node.args.map(asIndex);
    if (!left || !right || (left.variable !== null && right.variable !== null)) return null;
    const factor = node.signs[1];
    const of = right.variable === null ? left : { ...right, scale: factor * right.scale };
    return { ...of, offset: left.offset + factor * right.offset };
  }

  function holdsVariable(node) {
    if (node.kind === "name") return ranges.has(node.name) && !node.index.length;
    const inner = ["item", "pick"].includes(node.operation) || functions.has(node.operation);
    return node.kind === "apply" && !inner && node.args.some(holdsVariable);
  }

  // --- names, indices and shapes --------------------------------------------------------------

  function overIndex(node) {
    if (node.kind !== "apply" || node.args.length < 2) return false;
    const rule = operations[node.operation];
    return rule?.overIndex && (!rule.forTwo
      || node.args.slice(1).some((arg) => [...namesIn(arg)].some(({ name }) => ranges.has(name))));
  }

  // Check the names of a formula and return its shape, or null where it can't be told.
  // `bound` maps the indices that a sum around it runs over to their values.
  function shapeOf(node, form, bound = new Map(), terms = { left: rules.mostTerms }) {
    if (node.kind === "number") return [];
    if (node.kind === "name") return shapeOfName(node, form, bound);
    if (overIndex(node)) return shapeOfTerms(node, form, bound, terms);
    const shapes = node.args.map((arg) => shapeOf(arg, form, bound, terms));
    return shapeOfCall(node, shapes);
  }

  // A sum that runs over indices, and conditions on them: each of its terms.
  function shapeOfTerms(node, form, bound, terms) {
    const names = [], conditions = [];
    for (const arg of node.args.slice(1)) {
      if (arg.kind === "name" && !arg.index.length) names.push(arg.name);
      else if (arg.isCondition) {
        conditions.push(arg);
        const used = [...namesIn(arg)].map((one) => one.name);
        if (used.length && !used.some((name) => names.includes(name))) names.push(used[0]);
      } else names.push("");
    }
    if (!names.length || names.some((name) => !ranges.has(name))) {
      throw new FormulaProblem(
        `\`${node.operation}\` takes a formula and then the index to run over`, node.start);
    }
    let each = [bound];
    for (const name of new Set(names)) {
      const [first, last] = ranges.get(name);
      each = each.flatMap((one) => Array.from({ length: last - first + 1 }, (_, at) =>
        new Map(one).set(name, first + at)));
      if (each.length > terms.left) break;
    }
    terms.left -= each.length;
    if (terms.left < 0) {
      throw new FormulaProblem(
        `the sums have too many terms (more than ${rules.mostTerms})`, node.start);
    }
    const chosen = each.filter((values) => conditions.every((one) => decided(one, values)));
    if (!chosen.length && bound.size && operations[node.operation].ofNothing) return [];
    if (!chosen.length) throw new FormulaProblem(`\`${node.operation}\` has no terms here`, node.start);
    const shapes = chosen.map((values) => shapeOf(node.args[0], form, values, terms));
    if (shapes.includes(null)) return null;
    return shapes.reduce((a, b) => broadcast(a, b, node.start));
  }

  function decided(condition, bound) {
    const value = valueOf(condition, bound);
    if (value === null) {
      throw new FormulaProblem(
        "a condition on an index is one of indices and numbers", condition.start);
    }
    return value !== 0;
  }

  function shapeOfCall(node, shapes) {
    const { operation, start } = node;
    const known = shapes.every((shape) => shape !== null);
    const rule = operations[operation];
    if (rule && functions.has(operation)) {
      const [least, most] = rule.arity;
      if (shapes.length < least || shapes.length > most) {
        const wanted = least === most ? least : `${least} to ${most}`;
        throw new FormulaProblem(
          `\`${operation}\` takes ${wanted} operand${most === 1 ? "" : "s"}, got ${shapes.length}`,
          start);
      }
      for (const name of Object.keys(node.params)) {
        if (!rule.takes.includes(name)) {
          throw new FormulaProblem(`\`${operation}\` has no argument \`${name}\``, start);
        }
      }
    }
    if (operation === "negate") return shapes[0];
    if (operation === "transpose") {
      return shapes[0] && [...shapes[0].slice(0, -2), ...shapes[0].slice(-2).reverse()];
    }
    if (operation === "compare") return known ? broadcast(...shapes, start) : null;
    if (operation === "part") return known ? shapeOfPart(shapes[0], node.at, start) : null;
    if (operation === "item") return known ? shapeOfItem(shapes[0], node.index, start) : null;
    if (!known || Object.keys(node.params).length) return null;
    if (operation === "matmul") return shapeOfProduct(shapes[0], shapes[1], start);
    if (operation === "stack") {
      if (shapes.some((shape) => String(shape) !== String(shapes[0]))) {
        throw new FormulaProblem("a list needs items of one shape", start);
      }
      return [shapes.length, ...shapes[0]];
    }
    if (rule?.shape === "same") return shapes[0];
    if (rule?.shape === "number") return wholeOfIndexed(node.args[0]) ? null : [];
    if (rule?.shape === "broadcast") return shapes.reduce((a, b) => broadcast(a, b, start));
    return null;
  }

  // Whether it is an indexed quantity without its index, which stands for all of them.
  function wholeOfIndexed(node) {
    return node.kind === "name" && node.index.length < (quantities.get(node.name)?.depth ?? 0);
  }

  function broadcast(a, b, start) {
    const length = Math.max(a.length, b.length);
    const padded = [a, b].map((s) => [...Array(length - s.length).fill(1), ...s]);
    return padded[0].map((size, axis) => {
      const other = padded[1][axis];
      if (size !== other && size !== 1 && other !== 1) {
        throw new FormulaProblem(`${shapeWords(a)} and ${shapeWords(b)} don't fit`, start);
      }
      return Math.max(size, other);
    });
  }

  function shapeOfProduct(a, b, start) {
    if (!a.length || !b.length) {
      throw new FormulaProblem("`@` needs vectors or matrices; for a number use `*`", start);
    }
    const inner = b.length > 1 ? b.at(-2) : b[0];
    if (a.at(-1) !== inner) {
      throw new FormulaProblem(`\`@\` can't multiply ${shapeWords(a)} and ${shapeWords(b)}`, start);
    }
    const batches = broadcast(a.slice(0, -2), b.slice(0, -2), start);
    const rows = a.length > 1 ? [a.at(-2)] : [];
    return [...batches, ...rows, ...(b.length > 1 ? [b.at(-1)] : [])];
  }

  function shapeOfItem(shape, index, start) {
    if (index.length > shape.length) {
      throw new FormulaProblem(
        shape.length ? `too many indices for ${shapeWords(shape)}`
          : "a single number has no index", start);
    }
    for (const [axis, { variable, offset }] of index.entries()) {
      if (variable !== null) return null;
      if (offset < -shape[axis] || offset >= shape[axis]) {
        throw new FormulaProblem(`index ${offset} is outside of ${shapeWords(shape)}`, start);
      }
    }
    return shape.slice(index.length);
  }

  function shapeOfPart(shape, parts, start) {
    if (parts.length > shape.length) {
      throw new FormulaProblem(`too many indices for ${shapeWords(shape)}`, start);
    }
    const sizes = [];
    for (const [axis, part] of parts.entries()) {
      if (!part.range) {
        shapeOfItem([shape[axis]], [part], start);
        continue;
      }
      const [first, last, step] = part.range;
      if (step || first?.variable || last?.variable) return null;
      const end = (index, otherwise) => {
        const at = index ? index.offset : otherwise;
        return Math.min(Math.max(at < 0 ? at + shape[axis] : at, 0), shape[axis]);
      };
      sizes.push(Math.max(end(last, shape[axis]) - end(first, 0), 0));
    }
    return [...sizes, ...shape.slice(parts.length)];
  }

  function shapeOfName(node, form, bound) {
    const { name, start } = node;
    if (bound.has(name) && !node.index.length) return [];
    const quantity = quantities.get(name);
    const usable = quantity !== undefined && (form.mayUse === null || form.mayUse.includes(name));
    if (!usable) {
      if (rules.constants.includes(name) && !node.index.length && !quantity) return [];
      throw new FormulaProblem(unknown(node, form), start);
    }
    if (node.index.length && !quantity.depth && !quantity.boxes[0].shape.length) {
      throw new FormulaProblem(
        `\`${name}\` is a single number: write \`${name}\` without an index`, start);
    }
    const free = node.index.find(({ variable }) => variable !== null && !bound.has(variable));
    if (free) {
      throw new FormulaProblem(
        `write a number as the index of \`${name}\`, or a sum over \`${free.variable}\``, start);
    }
    const at = node.index.map(({ variable, offset, scale }) =>
      offset + (variable === null ? 0 : scale * bound.get(variable)));
    checkNotAsked(node, at, form);
    return shapeAt(node, quantity, at);
  }

  function checkNotAsked(node, at, form) {
    for (const key of form.butNot) {
      const { name, ranges: wanted } = splitName(key);
      const index = at.slice(0, wanted.length);
      if (name === node.name && index.every((value, axis) => value === wanted[axis][0])) {
        const what = index.length === wanted.length ? "is" : "holds";
        throw new FormulaProblem(
          `\`${name}\` ${what} what is asked for; write it out`, node.start);
      }
    }
  }

  function shapeAt(node, quantity, at) {
    const { depth, boxes } = quantity;
    const index = at.slice(0, depth);
    const within = boxes.filter(({ ranges: box }) =>
      index.every((value, axis) => box[axis][0] <= value && value <= box[axis][1]));
    if (!within.length) {
      const shown = index.map(String).join(", ");
      const all = boxes.map(({ ranges: box }) => box[0]);
      const run = depth === 1
        ? `: the index runs from ${Math.min(...all.map(([first]) => first))} to ${
          Math.max(...all.map(([, last]) => last))}` : "";
      throw new FormulaProblem(`there is no \`${node.name}[${shown}]\`${run}`, node.start);
    }
    if (at.length < depth) {
      const sizes = within[0].ranges.slice(at.length).map(([first, last]) => last - first + 1);
      return within.length === 1 ? [...sizes, ...within[0].shape] : null;
    }
    const rest = at.slice(depth).map((offset) => ({ variable: null, offset, scale: 1 }));
    return shapeOfItem(within[0].shape, rest, node.start);
  }

  function unknown(node, form) {
    const { name } = node;
    const names = form.mayUse ?? [...quantities.keys()];
    if (quantities.has(name)) {
      const expected = names.map((one) => `\`${one}\``).join(", ");
      return `\`${name}\` may not be used in this answer${names.length ? `: expected ${expected}` : ""}`;
    }
    const message = `unknown quantity \`${name}\``;
    if (ranges.has(name)) {
      return `${message}: \`${name}\` is an index, and stands in square brackets only`;
    }
    const ending = /^(.+?)_?([0-9]{1,3}|t)$/.exec(name);
    if (ending && names.includes(ending[1])) {
      return `${message}; did you mean \`${ending[1]}[${ending[2]}]\`?`;
    }
    const near = nearest(name, names);
    if (near) return `${message}; did you mean \`${near}\`?`;
    return names.length && names.length <= 8
      ? `${message}: expected ${names.map((one) => `\`${one}\``).join(", ")}` : message;
  }

  // --- what the page asks ---------------------------------------------------------------------

  function guarded(read) {
    try {
      return read();
    } catch (problem) {
      if (!(problem instanceof FormulaProblem)) throw problem;
      return { problem: problem.message, at: problem.at };
    }
  }

  // Return {tree}, with {problem} too where names or the shape are wrong. What is written by hand
  // is read where it means one thing only, with a {note} that says how.
  function check(text, form) {
    const plain = judged(() => parse(text), form);
    if (!plain.problem || [...text].length > rules.longest) return plain;
    const source = hand.writtenOut(asMeant(text), known);
    const read = judged(() => parseSource(source), form);
    if (!read.tree) return plain;
    if (read.problem) return plain.tree ? plain : { ...read, at: undefined };
    return { tree: read.tree, note: `this is read as \`${source.split(/\s+/u).join(" ")}\`` };
  }

  function judged(read, form) {
    const parsed = guarded(() => ({ tree: read() }));
    if (parsed.problem) return parsed;
    const checked = guarded(() => {
      const shape = shapeOf(parsed.tree, form);
      if (shape !== null && String(shape) !== String(form.shape)) {
        return {
          problem: `this has the wrong shape: expected ${shapeWords(form.shape)}, got ${
            shapeWords(shape)}`,
        };
      }
      return {};
    });
    return { ...parsed, ...checked };
  }

  // Arithmetic in place of a number: what a pocket calculator does.
  function arithmetic(source) {
    return guarded(() => {
      const value = valueOf(parseSource(source), new Map());
      if (value !== null && !Number.isFinite(value)) {
        throw new FormulaProblem("the value is not a finite number");
      }
      return {};
    });
  }

  const CALCULATED = {
    negate: (a) => -a, multiply: (a, b) => a * b, divide: (a, b) => a / b, power: (a, b) => a ** b,
    minimum: Math.min, maximum: Math.max,
  };
  const HOLDS = {
    "<": (a, b) => a < b, ">": (a, b) => a > b, "<=": (a, b) => a <= b, ">=": (a, b) => a >= b,
    "==": (a, b) => a === b, "!=": (a, b) => a !== b,
  };

  // The value of arithmetic in numbers and bound indices; null for what isn't computed here.
  function valueOf(node, bound) {
    if (node.kind === "number") return Number(node.text);
    if (node.kind === "name") {
      if (bound.has(node.name) && !node.index.length) return bound.get(node.name);
      const known = { e: Math.E, pi: Math.PI }[node.name];
      if (known !== undefined && !node.index.length) return known;
      throw new FormulaProblem(`unknown quantity \`${node.name}\``, node.start);
    }
    const values = node.args.map((arg) => valueOf(arg, bound));
    if (node.operation === "add") return values[0] + node.signs[1] * values[1];
    if (node.operation === "compare") return Number(HOLDS[node.sign](...values));
    if (node.isCondition || (node.operation in CALCULATED && !functions.has(node.operation))) {
      return CALCULATED[node.operation](...values);
    }
    if (!(node.operation in rules.elementary)) {
      throw new FormulaProblem("this is no arithmetic: write the number that comes out", node.start);
    }
    shapeOfCall(node, values.map(() => []));
    const compute = Math[rules.elementary[node.operation]];
    return compute && values.every((value) => value !== null) ? compute(...values) : null;
  }

  // Arithmetic as it is written by hand, in the signs of the language.
  function arithmeticByHand(text) {
    return hand.writtenOut(asMeant(text), { ...numbersOnly, functions: elementary });
  }

  return {
    parse, parseSource, check, arithmetic, arithmeticByHand, shapeOf, quantities, asMeant,
  };
}

// --- names of the sheet -----------------------------------------------------------------------

function splitName(key) {
  const [, name, inside] = /^([^[]*)(?:\[(.*)\])?$/u.exec(key);
  const ranges = inside === undefined ? [] : inside.split(",").map((part) => {
    const [first, last] = part.split("..").map(Number);
    return [first, last ?? first];
  });
  return { name, ranges };
}

function quantitiesOf(names) {
  const found = new Map();
  for (const [key, { shape = [] }] of Object.entries(names)) {
    const { name, ranges } = splitName(key);
    if (!found.has(name)) found.set(name, { depth: ranges.length, boxes: [] });
    found.get(name).boxes.push({ ranges, shape });
  }
  return found;
}

function shapeWords(shape) {
  if (!shape.length) return "a single number";
  return `${shape.join(" x ")} number${String(shape) === "1" ? "" : "s"}`;
}

// The known word that differs least, if it is near: two letters in five may differ.
function nearest(word, known) {
  let best = null, least = Math.max(1, Math.floor(word.length * 0.4)) + 1;
  for (const one of known) {
    const distance = editDistance(word.toLowerCase(), one.toLowerCase());
    if (distance < least) [best, least] = [one, distance];
  }
  return best;
}

function editDistance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
    }
    row = next;
  }
  return row[b.length];
}
