"use strict";
// The form: what stands in its boxes is checked at the box, kept in the browser, read from an
// earlier file, and written to a new one.

const data = JSON.parse(document.getElementById("data").textContent);
const hand = handReader(data.rules.byHand);
const formulas = formulaReader(data.rules.formulas, data.sheet, hand);
const numbers = numberReader(data.rules.numbers, formulas, hand);
const orders = orderReader(data.rules.orders, formulas, hand, data.sheet.symbols);
const draw = formulaDrawer(data.rules.formulas, formulas.quantities);
const paste = paster(data.rules.numbers);
const texts = data.rules.texts;
const placeholders = new Set(data.sheet.placeholders);
const blankRun = new RegExp(`[${texts.blanks.replace(/[\]\\^-]/g, "\\$&")}]+`, "u");

function words(text) {
  return text.split(blankRun).filter(Boolean).length;
}

function isMissing(text) {
  const trimmed = text.trim().toLowerCase();
  let [first, last] = [0, trimmed.length];
  while (first < last && texts.around.includes(trimmed[first])) first += 1;
  while (last > first && texts.around.includes(trimmed[last - 1])) last -= 1;
  const inner = trimmed.slice(first, last);
  return !inner || placeholders.has(inner) || placeholders.has(trimmed);
}

function plural(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

// --- what is said of each kind of box -----------------------------------------------------------
// `check` returns {} if all is well, {missing}, or {problem} or {note}, with `tree` of a formula
// and `bad`, the cells that it is about; `yaml` writes what stands behind the key.

const KINDS = {
  numbers: {
    check(cells, { shape, whole: isWhole, least }) {
      const empty = cells.filter(isMissing).length;
      if (empty === cells.length) return { missing: true };
      let found = {};
      const bad = new Map();
      for (const [at, text] of cells.entries()) {
        const said = isMissing(text) ? { problem: "this box is empty" }
          : numbers.check(text, { isWhole, least });
        const message = said.problem ?? said.note;
        if (message === undefined) continue;
        bad.set(at, message);
        const where = shape.length ? `${cellName(shape, at)}: ` : "";
        if (said.problem ? !found.problem : !found.note && !found.problem) {
          found = said.problem ? { problem: where + message } : { note: where + message };
        }
      }
      if (empty) found = { problem: `${empty} of ${cells.length} boxes are empty` };
      return bad.size ? { ...found, bad } : {};
    },
    yaml: (cells, { shape }) => ` ${yamlList(nest(cells.map((text) => text.trim() || null), shape))}`,
  },
  "many numbers": {
    check([text], box) {
      if (isMissing(text)) return { missing: true };
      const found = paste.cells(text, box.shape);
      if (found.problem) return found;
      const cells = Array(box.shape.reduce((a, b) => a * b, 1)).fill("");
      for (const [at, value] of found.cells) cells[at] = value ?? "";
      const { problem, note } = KINDS.numbers.check(cells, box);
      return { problem, note, cells };
    },
    yaml([text], box) {
      const { cells } = this.check([text], box);
      return cells ? KINDS.numbers.yaml(cells, box) : ` ${yamlQuoted(text.trim())}`;
    },
  },
  formula: {
    check: ([text], box) => isMissing(text) ? { missing: true } : formulas.check(text, box),
    yaml: ([text]) => ` ${yamlScalar(text.trim())}`,
  },
  order: {
    check: ([text]) => isMissing(text) ? { missing: true } : orders.check(text),
    yaml: ([text]) => ` ${yamlScalar(text.trim())}`,
  },
  choice: {
    check: (chosen) => chosen.length ? {} : { missing: true },
    yaml: (chosen) => ` ${chosen.length === 1 ? yamlScalar(chosen[0]) : yamlList(chosen)}`,
  },
  text: {
    check([text], { least = 0, most = Infinity }) {
      if (isMissing(text)) return { missing: true };
      const count = words(text);
      if (count >= least && count <= most) return {};
      const wanted = most === Infinity ? `at least ${plural(least, "word")}`
        : least ? `${least} to ${most} words` : `at most ${plural(most, "word")}`;
      return {
        problem: `this text is too ${count < least ? "short" : "long"}: expected ${wanted}, got ${
          count}`,
      };
    },
    yaml: ([text]) => yamlText(text, "      "),
  },
  line: {
    check: ([text]) => isMissing(text) ? { missing: true } : {},
    yaml: ([text]) => ` ${yamlScalar(text.trim())}`,
  },
};

function nest(flat, shape) {
  if (!shape.length) return flat[0];
  const size = flat.length / shape[0];
  return Array.from({ length: shape[0] }, (_, at) =>
    nest(flat.slice(at * size, (at + 1) * size), shape.slice(1)));
}

function cellName(shape, at) {
  const index = [];
  let rest = at;
  for (const size of [...shape].reverse()) {
    index.unshift((rest % size) + 1);
    rest = Math.floor(rest / size);
  }
  return shape.length === 1 ? `entry ${index[0]}`
    : shape.length === 2 ? `row ${index[0]}, column ${index[1]}` : `entry ${index.join(", ")}`;
}

// --- the answers of the page --------------------------------------------------------------------

class Answer {
  constructor(said) {
    Object.assign(this, said);
    this.kind = KINDS[this.box.box];
    this.card = document.getElementById(this.id);
    this.inputs = [...this.card.querySelectorAll("[data-input]")];
    this.message = this.card.querySelector(".message");
    this.drawing = this.card.querySelector(".drawing");
    this.count = this.card.querySelector(".count");
    this.touched = false;
    for (const input of this.inputs) {
      input.addEventListener("input", () => this.changed(input));
      input.addEventListener("change", () => this.left());
    }
    if (this.box.box === "numbers") this.asGrid();
  }

  get isChoice() {
    return this.box.box === "choice";
  }

  get values() {
    if (this.isChoice) return this.inputs.filter((i) => i.checked).map((i) => i.value);
    return this.inputs.map((input) => input.value);
  }

  set values(values) {
    if (this.isChoice) for (const input of this.inputs) input.checked = values.includes(input.value);
    else this.inputs.forEach((input, at) => { input.value = values[at] ?? ""; });
  }

  get result() {
    return this.kind.check(this.values, this.box);
  }

  changed(input) {
    // A text that grows takes the room that it needs.
    if (input.tagName === "TEXTAREA") {
      input.style.height = "auto";
      input.style.height = `${input.scrollHeight + 2}px`;
    }
    this.show(this.touched || this.box.box !== "numbers");
    keep();
  }

  left() {
    this.touched = true;
    this.show();
  }

  show(withProblems = true) {
    const { problem, note, missing, tree, bad } = this.result;
    const said = withProblems ? problem ?? note ?? "" : "";
    // While a grid is being filled, what is missing is no mistake yet.
    const state = missing ? "empty" : !said && (problem || note) ? "empty" : problem ? "problem"
      : note ? "note" : "fine";
    this.card.dataset.state = state;
    if (this.message.textContent !== said) this.message.textContent = said;
    this.inputs.forEach((input, at) => {
      const wrong = said && !this.isChoice && (bad ? bad.has(at) : problem);
      if (wrong) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    });
    if (this.drawing) {
      if (tree) this.drawing.innerHTML = draw(tree);
      else if (missing) this.drawing.replaceChildren();
      this.drawing.classList.toggle("old", !tree && !missing);
    }
    if (this.count) {
      const { least, most } = this.box;
      const wanted = most ? ` of ${least ? `${least} to ` : "at most "}${most}`
        : least ? ` of at least ${least}` : "";
      this.count.textContent = `${plural(words(this.values[0] ?? ""), "word")}${wanted}`;
    }
    summarise();
  }

  // --- grids -------------------------------------------------------------------------------------

  asGrid() {
    const { shape } = this.box;
    const across = shape.length ? shape.at(-1) : 1;
    const isRow = shape.length === 1;
    this.inputs.forEach((input, at) => {
      input.addEventListener("paste", (event) => this.pasted(event, at));
      input.addEventListener("keydown", (event) => {
        const to = { ArrowUp: isRow ? null : at - across, ArrowDown: isRow ? null : at + across,
          Enter: isRow ? at + 1 : at + across }[event.key] ?? this.sideways(event, input, at);
        const next = to === null || event.altKey || event.ctrlKey || event.metaKey
          ? null : this.inputs[to];
        if (next) {
          event.preventDefault();
          next.focus();
          next.select();
        }
      });
    });
  }

  sideways(event, input, at) {
    const { selectionStart: start, selectionEnd: end, value } = input;
    if (event.key === "ArrowLeft" && start === 0 && end === 0) return at - 1;
    if (event.key === "ArrowRight" && start === value.length) return at + 1;
    return null;
  }

  pasted(event, at) {
    const text = event.clipboardData.getData("text");
    if (!text.trim() || numbers.inDigits(text.trim()) || !/[\t\n;,[\]]|\d\s+[-+.\d]/.test(text.trim())) {
      return;
    }
    event.preventDefault();
    const found = paste.cells(text, this.box.shape, at);
    this.touched = true;
    if (found.problem) {
      this.message.textContent = found.problem;
      this.card.dataset.state = "problem";
      return;
    }
    for (const [place, value] of found.cells) this.inputs[place].value = value ?? "";
    this.show();
    keep();
    this.inputs[found.cells.at(-1)[0]].focus();
  }

  // --- files -------------------------------------------------------------------------------------

  get yaml() {
    const { missing } = this.result;
    return missing ? "" : this.kind.yaml(this.values, this.box);
  }

  // Take a value of a file; return whether it could be put in the boxes.
  load(tree) {
    if (tree === null || tree === undefined) this.values = [];
    else if (this.isChoice) {
      const named = [tree].flat().flatMap((one) => String(one).split(/\s*[,;]\s*/));
      this.values = named;
      return named.every((one) => this.inputs.some((input) => input.value === one));
    } else if (this.box.box === "numbers") return this.loadNumbers(tree);
    else if (this.box.box === "many numbers") this.values = [yamlList(tree)];
    else if (typeof tree === "object") return false;
    else this.values = [tree];
    return true;
  }

  loadNumbers(tree) {
    const flat = [tree].flat(Infinity);
    if (flat.some((one) => one !== null && typeof one === "object")) return false;
    if (flat.length === this.inputs.length) {
      this.values = flat;
      return true;
    }
    const found = flat.length === 1 ? paste.cells(String(flat[0]), this.box.shape) : {};
    if (!found.cells) return false;
    this.values = found.cells.map(([, value]) => value);
    return true;
  }
}

const answers = data.answers.map((said) => new Answer(said));
const student = document.getElementById("student-id");
const studentName = document.getElementById("student-name");
const notice = document.getElementById("notice");
const progress = document.getElementById("progress");
const storageKey = `answers to ${data.sheet.assignment} ${data.sheet.version}`;

function summarise() {
  const states = answers.map((answer) => answer.card.dataset.state);
  const given = answers.filter((answer) => !answer.result.missing).length;
  const wrong = states.filter((state) => state === "problem" || state === "note").length;
  progress.textContent = `${given} of ${answers.length} answers given` +
    (wrong ? `, ${wrong} to look at` : "");
}

// --- who hands in ---------------------------------------------------------------------------------

const invisible = new RegExp(`[${texts.invisible}]`, "u");

function studentProblem() {
  const id = student.value.trim();
  if (!id) return "write the id under which your teacher knows you";
  if (id === texts.placeholderId) return "write your own id";
  if ([...id].length > texts.longestId) return `an id has at most ${texts.longestId} characters`;
  return invisible.test(id) ? "the id holds an invisible character" : "";
}

function nameProblem() {
  const name = studentName.value.trim();
  if ([...name].length > texts.longestName) return `a name has at most ${texts.longestName} characters`;
  return invisible.test(name) ? "the name holds an invisible character" : "";
}

function showStudent() {
  for (const [input, problem] of [[student, studentProblem()], [studentName, nameProblem()]]) {
    document.getElementById(`${input.id}-message`).textContent = problem;
    if (problem) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
  return !studentProblem() && !nameProblem();
}

// --- keeping, loading, downloading ------------------------------------------------------------------

function keep() {
  const values = Object.fromEntries(answers.map((answer) => [answer.id, answer.values]));
  const kept = { id: student.value, name: studentName.value, values };
  try {
    localStorage.setItem(storageKey, JSON.stringify(kept));
  } catch {
    notice.textContent = "This browser doesn't keep what you type: download your answers.";
  }
}

function restore() {
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(storageKey));
  } catch {
    return;
  }
  if (!kept) return;
  if (!student.readOnly) student.value = kept.id ?? "";
  studentName.value = kept.name ?? "";
  for (const answer of answers) {
    const values = kept.values?.[answer.id];
    if (Array.isArray(values)) answer.values = values;
  }
  notice.textContent = "What you typed last time is back.";
}

function showAll() {
  for (const answer of answers) {
    answer.touched = true;
    answer.show();
  }
}

function submission() {
  const lines = [`assignment: ${data.sheet.assignmentKey}`, "student:",
    `  id: ${yamlScalar(student.value.trim())}`];
  const name = studentName.value.trim();
  if (name) lines.push(`  name: ${yamlScalar(name)}`);
  lines.push("answers:");
  let question = null;
  for (const answer of answers) {
    if (answer.questionKey !== question) lines.push(`  ${answer.questionKey}:`);
    question = answer.questionKey;
    lines.push(`    ${answer.answerKey}:${answer.yaml}`);
  }
  return `${lines.join("\n")}\n`;
}

function download() {
  showAll();
  if (!showStudent()) {
    notice.textContent = "Your id is needed for the file.";
    (studentProblem() ? student : studentName).focus();
    return;
  }
  const open = answers.filter((answer) => answer.result.missing).length;
  const wrong = answers.filter((answer) => answer.result.problem || answer.result.note);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([submission()], { type: "application/yaml" }));
  link.download = `${data.sheet.assignment}-${student.value.trim()}`
    .replace(/[^\w.-]+/g, "-") + ".yaml";
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  const parts = [`The file ${link.download} was made.`];
  if (wrong.length) parts.push(`To look at: ${wrong.map((a) => a.name).join(", ")}.`);
  if (open) parts.push(`${plural(open, "answer")} ${open === 1 ? "is" : "are"} still open.`);
  notice.textContent = parts.join(" ");
}

async function load(file) {
  try {
    const tree = readYaml(await file.text());
    if (!tree || typeof tree.answers !== "object" || !tree.answers) {
      throw new YamlProblem("there are no `answers` in it");
    }
    if (tree.assignment && tree.assignment !== data.sheet.assignment) {
      throw new YamlProblem(`it answers another assignment, ${tree.assignment}`);
    }
    const left = [];
    for (const answer of answers) {
      const block = tree.answers[answer.question] ?? null;
      const isBlock = block !== null && typeof block === "object" && !Array.isArray(block);
      const alone = answers.filter((one) => one.question === answer.question).length === 1;
      const value = isBlock ? block[answer.answer] ?? null : alone ? block : null;
      if (!answer.load(value)) left.push(answer.name);
    }
    const who = tree.student;
    if (!student.readOnly) student.value = (typeof who === "object" ? who?.id : who) ?? "";
    if (typeof who === "object" && who?.name) studentName.value = who.name;
    showAll();
    keep();
    notice.textContent = left.length
      ? `${file.name} was loaded, except what doesn't fit in the boxes: ${left.join(", ")}.`
      : `${file.name} was loaded.`;
  } catch (problem) {
    if (!(problem instanceof YamlProblem)) throw problem;
    notice.textContent = `${file.name} can't be loaded: ${problem.message}.`;
  }
}

document.getElementById("download").addEventListener("click", download);
document.getElementById("load").addEventListener("change", (event) => {
  const [file] = event.target.files;
  if (file) load(file).finally(() => { event.target.value = ""; });
});
document.getElementById("clear").addEventListener("click", () => {
  if (!confirm("Empty all boxes? What you typed here will be lost.")) return;
  for (const answer of answers) {
    answer.values = [];
    answer.touched = false;
    answer.show(false);
  }
  keep();
  notice.textContent = "All boxes are empty.";
});
for (const input of [student, studentName]) {
  input.addEventListener("input", keep);
  input.addEventListener("change", showStudent);
}
document.getElementById("form").addEventListener("submit", (event) => event.preventDefault());

restore();
for (const answer of answers) answer.show(answer.box.box !== "numbers");
