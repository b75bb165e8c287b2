"use strict";
// YAML as far as submissions need it: writing one, and reading what people and this page write.

const PLAIN_NUMBER = /^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/;

function yamlScalar(text) {
  if (PLAIN_NUMBER.test(text)) return text;
  if (/[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd]/u.test(text)) return yamlQuoted(text);
  return `'${text.replaceAll("'", "''")}'`;
}

function yamlQuoted(text) {
  // JSON's escapes are YAML's too; what YAML doesn't print is escaped as well.
  return JSON.stringify(text).replace(/[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function yamlList(tree) {
  return Array.isArray(tree) ? `[${tree.map(yamlList).join(", ")}]`
    : tree === null ? "null" : yamlScalar(tree);
}

// A text below its key, or behind it where its blanks could be lost.
function yamlText(text, indent) {
  const plain = text.replace(/\r\n?/g, "\n").replace(/[ \t]+$/gm, "").replace(/^\n+|\n+$/g, "");
  // A text of its own never ends the document, nor looks like anything but a text.
  if (/^\s|[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd]/u.test(plain)) return ` ${yamlQuoted(plain)}`;
  const lines = plain.split("\n").map((line) => line && indent + line);
  return ` |-\n${lines.join("\n")}`;
}

class YamlProblem extends Error {}

// Return mappings as objects without a prototype, lists, texts, and null for nothing.
function readYaml(text) {
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/);
  let at = 0;

  const indentOf = (line) => /^ */.exec(line)[0].length;
  const isBlank = (line) => /^\s*(#.*)?$/.test(line);
  const fail = (words) => {
    throw new YamlProblem(`line ${Math.min(at + 1, lines.length)}: ${words}`);
  };
  const skip = () => {
    while (at < lines.length && (isBlank(lines[at]) || /^(---|\.\.\.)(\s|$)/.test(lines[at]))) at += 1;
  };

  function block(least) {
    skip();
    if (at >= lines.length || indentOf(lines[at]) < least) return null;
    const indent = indentOf(lines[at]);
    const line = lines[at].slice(indent);
    if (/^-(\s|$)/.test(line)) return sequence(indent);
    if (keyOf(line)) return mapping(indent);
    at += 1;
    return value(line, indent - 1);
  }

  function sequence(indent) {
    const items = [];
    for (skip(); at < lines.length && indentOf(lines[at]) === indent; skip()) {
      const line = lines[at].slice(indent);
      if (!/^-(\s|$)/.test(line)) break;
      const rest = line.slice(1);
      const inner = rest.trimStart();
      if (!inner || inner.startsWith("#")) {
        at += 1;
        items.push(block(indent + 1));
      } else if (/^-(\s|$)/.test(inner) || keyOf(inner)) {
        // What follows a dash is read as if the dash were a blank.
        lines[at] = " ".repeat(indent + line.length - inner.length) + inner;
        items.push(block(indent + 1));
      } else {
        at += 1;
        items.push(value(inner, indent));
      }
    }
    return items;
  }

  // Return [key, rest] of a line that begins with a key.
  function keyOf(line) {
    if (/^[[{|>&*!%@`]/.test(line)) return null;
    const quoted = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*:(?=\s|$)/.exec(line);
    if (quoted) return [scalar(quoted[1]), line.slice(quoted[0].length)];
    if (/^["']/.test(line)) return null;
    const plain = /^([^#\s](?:[^:#]|:(?=\S)|(?<=\S)#)*?)\s*:(?=\s|$)/.exec(line);
    return plain ? [plain[1], line.slice(plain[0].length)] : null;
  }

  function mapping(indent) {
    const found = Object.create(null);
    for (skip(); at < lines.length && indentOf(lines[at]) === indent; skip()) {
      const key = keyOf(lines[at].slice(indent));
      if (!key) fail("a key and a colon are expected here");
      at += 1;
      const rest = key[1].trim();
      if (key[0] in found) fail(`the key \`${key[0]}\` is there twice`);
      if (!rest || rest.startsWith("#")) {
        skip();
        // A list may stand below its key without being indented.
        const dashed = at < lines.length && indentOf(lines[at]) === indent &&
          /^-(\s|$)/.test(lines[at].slice(indent));
        found[key[0]] = block(dashed ? indent : indent + 1);
      } else found[key[0]] = value(rest, indent);
    }
    if (at < lines.length && indentOf(lines[at]) > indent) fail("this is indented too far");
    return found;
  }

  // A value that begins on the line before `at`; its further lines are indented more.
  function value(start, indent) {
    if (/^[|>]/.test(start)) return blockText(start, indent);
    if (/^[&*!]/.test(start)) fail("anchors and tags can't be read here");
    const more = () => at < lines.length &&
      (indentOf(lines[at]) > indent || !lines[at].trim());
    if (/^[[{]/.test(start)) {
      let source = start;
      for (;;) {
        const read = flow(source);
        if (read) return read.value;
        if (at >= lines.length) fail("a bracket is opened and not closed");
        source += `\n${lines[at++]}`;
      }
    }
    if (/^["']/.test(start)) {
      let source = start;
      const closed = /^(?:"(?:[^"\\]|\\[^])*"|'(?:[^']|'')*')\s*(#.*)?$/;
      while (!closed.test(source)) {
        if (!more()) fail("a quote is opened and not closed");
        const next = lines[at++].trim();
        source = next ? `${source.trimEnd()}${source.endsWith("\n") ? "" : " "}${next}` : `${source}\n`;
      }
      return scalar(/^("(?:[^"\\]|\\[^])*"|'(?:[^']|'')*')/.exec(source)[1]);
    }
    let plain = start.replace(/(^|\s)#.*$/, "").trim();
    while (more() && !isBlank(lines[at])) {
      if (keyOf(lines[at].trim())) fail("this is indented too far");
      plain += ` ${lines[at++].trim().replace(/\s#.*$/, "")}`;
    }
    return scalar(plain);
  }

  function blockText(header, indent) {
    const [, style, chomp] = /^([|>])[0-9]?([-+]?)[0-9]?/.exec(header);
    const body = [];
    let inner = /[0-9]/.test(header.slice(0, 3)) ? indent + Number(/[0-9]/.exec(header)[0]) : 0;
    while (at < lines.length && (!lines[at].trim() || indentOf(lines[at]) > indent)) {
      if (!inner && lines[at].trim()) inner = indentOf(lines[at]);
      body.push(lines[at++].slice(inner || indent + 1));
    }
    let found = body.join("\n");
    if (style === ">") found = found.replace(/([^\n ])\n(?=[^\n ])/g, "$1 ").replace(/\n\n/g, "\n");
    return chomp === "+" ? found : found.replace(/\n+$/, "");
  }

  // Return {value} of a list or mapping in brackets, or null while it isn't closed.
  function flow(source) {
    let place = 0;
    const blank = () => {
      place += /^(?:\s|(?<=\s)#[^\n]*)*/.exec(source.slice(place))[0].length;
    };
    class Open extends Error {}

    function item() {
      blank();
      const char = source[place];
      if (char === undefined) throw new Open();
      if (char === "[") return items("]", []);
      if (char === "{") return items("}", Object.create(null));
      const quoted = /^(?:"(?:[^"\\]|\\[^])*"|'(?:[^']|'')*')/.exec(source.slice(place));
      if (quoted) {
        place += quoted[0].length;
        return scalar(quoted[0]);
      }
      if (/["']/.test(char)) throw new Open();
      const plain = /^(?:[^,\]}:#[{]|:(?=\S)|(?<=\S)#)*/.exec(source.slice(place))[0];
      place += plain.length;
      return scalar(plain.replace(/\s+/g, " ").trim());
    }

    function items(closing, found) {
      place += 1;
      for (blank(); source[place] !== closing; blank()) {
        if (place >= source.length) throw new Open();
        const one = item();
        blank();
        if (Array.isArray(found)) found.push(one);
        else if (source[place] === ":") {
          place += 1;
          found[one] = item();
        } else found[one] = null;
        blank();
        if (source[place] === ",") place += 1;
        else if (place >= source.length) throw new Open();
        else if (source[place] !== closing) fail(`unexpected \`${source[place]}\` in a list`);
      }
      place += 1;
      return found;
    }

    try {
      const found = item();
      blank();
      if (place < source.length) fail("there is something behind the bracket");
      return { value: found };
    } catch (problem) {
      if (problem instanceof Open) return null;
      throw problem;
    }
  }

  function scalar(text) {
    if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
    if (text.startsWith('"')) {
      const named = { n: "\n", t: "\t", r: "\r", 0: "\0", e: "\x1b", " ": " ", "\n": "" };
      return text.slice(1, -1).replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/g,
        (_, x, u, long, one) => one !== undefined ? named[one] ?? one
          : String.fromCodePoint(parseInt(x ?? u ?? long, 16)));
    }
    return ["", "~", "null", "Null", "NULL"].includes(text) ? null : text;
  }

  const found = block(0);
  skip();
  if (at < lines.length) fail("this can't be read");
  return found;
}
