"use strict";
// What is pasted into a grid: rows of a spreadsheet, what numpy prints, lists of YAML or Python.

function paster(rules) {
  const entry = new RegExp(rules.inList.source, rules.inList.flags + "y");
  const opening = new RegExp(rules.printed.opening.source, rules.printed.opening.flags + "y");
  const eager = new RegExp(rules.printed.eager.source, rules.printed.eager.flags + "y");
  const closing = whole(rules.printed.closing);

  // Nested lists of texts from a text with brackets, or null where it is no such list.
  function nested(text) {
    let begun = 0, end = text.trimEnd().length;
    eager.lastIndex = 0;
    if (eager.test(text) && text[end - 1] === ">") [begun, end] = [eager.lastIndex, end - 1];
    opening.lastIndex = begun;
    const printed = opening.test(text);
    if (printed) begun = opening.lastIndex;
    const stack = [[]];
    let comma = false, at = begun;
    while (at < end) {
      entry.lastIndex = at;
      const token = entry.exec(text);
      if (!token) return null;
      at = entry.lastIndex;
      if (token.groups.comma !== undefined) {
        if (comma) return null;
        comma = true;
        continue;
      }
      comma = false;
      if (token.groups.open !== undefined) {
        const inner = [];
        stack.at(-1).push(inner);
        stack.push(inner);
      } else if (token.groups.close !== undefined) {
        stack.pop();
        if (stack.length < 1) return null;
        const rest = text.slice(at, end);
        if (stack.length === 1 && printed && closing.test(rest)) return stack[0][0];
      } else stack.at(-1).push(token.groups.number);
    }
    return stack.length === 1 && stack[0].length === 1 && Array.isArray(stack[0][0])
      ? stack[0][0] : null;
  }

  // A block list of YAML: lines that begin with a dash, each a number or a list.
  function blockList(text) {
    const lines = text.split(/\r?\n/).filter((line) => line.trim());
    if (!lines.length || !lines.every((line) => /^\s*-\s/.test(line))) return null;
    const rows = [];
    for (const line of lines) {
      const [, begins, rest] = /^(\s*-\s+-\s+|\s*-\s+)(.*)$/.exec(line);
      const indented = begins.match(/-/g).length === 1 && /^\s/.test(line) && Array.isArray(rows.at(-1));
      const value = nested(rest) ?? rest.replace(/\s+#.*$/, "").trim();
      if (begins.match(/-/g).length === 2) rows.push([value]);
      else if (indented && rows.at(-1).open !== false) rows.at(-1).push(value);
      else rows.push(value);
    }
    return rows;
  }

  // Rows of a spreadsheet or of plain text: cells parted by tabs, semicolons, or blanks.
  function table(text) {
    const lines = text.replace(/\r\n?/g, "\n").replace(/^\n+|\n+$/g, "").split("\n");
    const by = lines.some((line) => line.includes("\t")) ? /\t/
      : lines.some((line) => line.includes(";")) ? /\s*;\s*/
        : lines.some((line) => /,\s/.test(line) || /,.*,/.test(line)) ? /\s*,\s*/ : /\s+/;
    return lines.map((line) => line.trim().replace(/[,;]$/, "").split(by).map((cell) => cell.trim()));
  }

  // Return rows of texts for a matrix, and one row for a vector however it is laid out.
  function read(text) {
    const plain = text.replace(/^\s*[\p{L}_][\p{L}\p{N}_.]*\s*[:=]\s*(?=[[(\p{L}<\n])/u, "");
    const lists = nested(plain) ?? blockList(plain);
    const rows = lists === null ? table(plain)
      : lists.some(Array.isArray) ? lists : [lists];
    return rows;
  }

  const sizes = (tree) => {
    const found = [];
    for (let at = tree; Array.isArray(at); [at] = at) found.push(at.length);
    return found;
  };
  const flat = (tree) => Array.isArray(tree) ? tree.flatMap(flat) : [tree];
  const even = (tree, shape) => !shape.length ? !Array.isArray(tree)
    : Array.isArray(tree) && tree.length === shape[0] &&
      tree.every((item) => even(item, shape.slice(1)));

  // Return {cells} to put in a grid of a shape from a place on, or {problem}.
  // A block is as large as it is; cells that would stand outside of the grid are a problem.
  function cells(text, shape, from = 0) {
    const rows = read(text);
    const got = sizes(rows);
    if (!even(rows, got)) return { problem: "the rows that you pasted are not equally long" };
    const all = flat(rows);
    const wanted = shape.reduce((a, b) => a * b, 1);
    if (got.length > 2 || shape.length > 2) {
      const same = String(got.filter((n) => n > 1)) === String(shape.filter((n) => n > 1));
      return from === 0 && same ? placed(all, 0)
        : { problem: `pasted ${got.join(" x ")} numbers, expected ${shape.join(" x ")}` };
    }
    const [height, width] = got;
    if (shape.length < 2) {
      if (height > 1 && width > 1) return tooLarge(got, shape);
      return from + all.length <= wanted ? placed(all, from) : tooLarge([all.length], shape);
    }
    const row = Math.floor(from / shape[1]), column = from % shape[1];
    if (row + height > shape[0] || column + width > shape[1]) {
      const isColumn = width === 1 && from === 0 && height === wanted;
      return isColumn ? placed(all, 0) : tooLarge(got, shape);
    }
    return {
      cells: all.map((value, at) =>
        [(row + Math.floor(at / width)) * shape[1] + column + (at % width), value]),
    };
  }

  const placed = (all, from) => ({ cells: all.map((value, at) => [from + at, value]) });

  function tooLarge(got, shape) {
    const transposed = shape.length === 2 && String(got) === String([...shape].reverse());
    const hint = transposed ? " (rows and columns exchanged?)" : "";
    return {
      problem: `you pasted ${got.join(" x ")} numbers; there is room for ${
        shape.length ? shape.join(" x ") : "one"}${hint}`,
    };
  }

  return { cells };
}
