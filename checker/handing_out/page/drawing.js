"use strict";
// A formula's tree as MathML. How each operation is drawn comes from its own LaTeX, as data.

function formulaDrawer(rules, quantities) {
  const { binds, operations } = rules;
  const escaped = (text) =>
    text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
  const fenced = ([drawn, inner], outer) =>
    inner < outer ? `<mrow><mo>(</mo>${drawn}<mo>)</mo></mrow>` : drawn;

  function index({ variable, offset, scale }) {
    if (variable === null) return offset < 0 ? `<mo>−</mo><mn>${-offset}</mn>` : `<mn>${offset}</mn>`;
    const name = `<mi>${escaped(variable)}</mi>`;
    if (scale < 0) return `<mn>${offset}</mn><mo>−</mo>${name}`;
    if (!offset) return name;
    return `${name}<mo>${offset < 0 ? "−" : "+"}</mo><mn>${Math.abs(offset)}</mn>`;
  }

  function name(node) {
    const known = rules.names[node.name];
    const drawn = known ? `<mrow>${known}</mrow>`
      : `<mi${node.name.length > 1 ? ' mathvariant="normal"' : ""}>${escaped(node.name)}</mi>`;
    const depth = quantities.get(node.name)?.depth ?? 0;
    const below = node.index.slice(0, depth), entries = node.index.slice(depth);
    const list = (indices) => indices.map(index).join("<mo>,</mo>");
    const based = below.length ? `<msub>${drawn}<mrow>${list(below)}</mrow></msub>` : drawn;
    return entries.length
      ? `<mrow>${based}<mo>[</mo>${list(entries)}<mo>]</mo></mrow>` : based;
  }

  // Return the drawing and how tightly it binds.
  function draw(node) {
    if (node.kind === "number") return [`<mn>${escaped(node.text)}</mn>`, binds.ATOM];
    if (node.kind === "name") return [name(node), binds.ATOM];
    const parts = node.args.map(draw);
    const { operation } = node;
    if (operation === "add") {
      const sign = node.signs[1] < 0 ? "−" : "+";
      const right = fenced(parts[1], binds.SUM + 1);
      return [`<mrow>${parts[0][0]}<mo>${sign}</mo>${right}</mrow>`, binds.SUM];
    }
    if (operation === "item") {
      const inside = node.index.map(index).join("<mo>,</mo>");
      return [`<mrow>${fenced(parts[0], binds.FRACTION)}<mo>[</mo>${inside}<mo>]</mo></mrow>`,
        binds.ATOM];
    }
    if (operation === "pick") {
      return [`<mrow>${fenced(parts[0], binds.FRACTION)}<mo>[</mo>${parts[1][0]}<mo>]</mo></mrow>`,
        binds.ATOM];
    }
    if (operation === "compare") {
      const sign = { "<=": "≤", ">=": "≥", "==": "=", "!=": "≠" }[node.sign] ?? escaped(node.sign);
      return [`<mrow>${parts[0][0]}<mo>${sign}</mo>${parts[1][0]}</mrow>`, binds.SUM - 1];
    }
    if (operation === "part") {
      const ends = (part) => part.range ? part.range.map((end) => end ? index(end) : "").join("<mo>:</mo>")
        : index(part);
      const inside = node.at.map(ends).join("<mo>,</mo>");
      return [`<mrow>${fenced(parts[0], binds.FRACTION)}<mo>[</mo>${inside}<mo>]</mo></mrow>`,
        binds.ATOM];
    }
    const rule = operations[operation];
    if (rule?.overIndex && parts.length > 1) return overIndex(node, parts);
    const drawings = node.ofArrays ? rule?.drawnOfArrays ?? rule?.drawn : rule?.drawn;
    const [template, outer] = drawings?.[parts.length] ?? [null, binds.ATOM];
    if (template === null) return [called(operation, parts), binds.ATOM];
    const tight = outer >= binds.FRACTION;
    const drawn = template.replace(/<mtext>@([0-9]+)@<\/mtext>/g, (_, at) => {
      const isExponent = operation === "power" && at === "1";
      if (tight || isExponent) return `<mrow>${parts[at][0]}</mrow>`;
      const least = outer + (operation === "power" || at !== "0" ? 1 : 0);
      return `<mrow>${fenced(parts[at], least)}</mrow>`;
    });
    return [drawn, outer];
  }

  function called(operation, parts) {
    const args = parts.map(([drawn]) => drawn).join("<mo>,</mo>");
    return `<mrow><mi mathvariant="normal">${escaped(operation.replaceAll("_", " "))}</mi>` +
      `<mo>(</mo>${args}<mo>)</mo></mrow>`;
  }

  function overIndex(node, parts) {
    const below = parts.slice(1).map(([drawn]) => drawn).join("<mo>,</mo>");
    const sign = node.operation === "sum" ? "<mo>∑</mo>"
      : `<mi mathvariant="normal">${escaped(node.operation)}</mi>`;
    const inside = fenced(parts[0], binds.SIGN);
    return [`<mrow><munder>${sign}<mrow>${below}</mrow></munder>${inside}</mrow>`,
      binds.SUMMATION];
  }

  return (tree) => `<math displaystyle="true">${draw(tree)[0]}</math>`;
}
