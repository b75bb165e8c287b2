"use strict";
(() => {
  const by = (id) => document.getElementById(id);
  const queue = JSON.parse(by("queue").textContent);
  const answers = queue.answers;
  const memory = `homework-checker/marking/${queue.assignment}/${queue.split}/${queue.marker}`;
  const reused = "abcdefgh";
  const most = 10;
  const typing = 1500;

  // What was marked, by position: {points: number or null, comment: text}.
  let state = { at: 0, marks: {} };
  let typed = "";
  let lastKey = 0;

  const load = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(memory) ?? "null");
      if (kept && typeof kept.at === "number" && kept.marks) state = kept;
      localStorage.setItem(memory, JSON.stringify(state));
    } catch {
      by("unsaved").hidden = false;
    }
  };
  const save = () => {
    try {
      localStorage.setItem(memory, JSON.stringify(state));
    } catch {
      by("unsaved").hidden = false;
    }
  };

  const mark = (n) => state.marks[n] ?? { points: null, comment: "" };
  const change = (n, changes) => {
    const changed = { ...mark(n), ...changes };
    if (changed.points === null && !changed.comment) delete state.marks[n];
    else state.marks[n] = changed;
    save();
  };
  const marked = () => answers.filter((_, n) => mark(n).points !== null).length;

  const number = (text) => {
    const plain = text.trim().replace(",", ".");
    return /^(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : NaN;
  };
  const give = (text) => {
    const max = answers[state.at].max;
    const value = text.trim() ? number(text) : null;
    const wrong = value !== null && !(value >= 0 && (max === null || value <= max + 1e-9));
    by("wrong").textContent = wrong ? `A number from 0 to ${max ?? "…"} is needed.` : "";
    if (!wrong) change(state.at, { points: value });
    tell();
    return !wrong;
  };

  const earlier = () => {
    const here = answers[state.at];
    const counts = new Map();
    answers.forEach((one, n) => {
      const said = mark(n).comment.trim();
      if (said && one.question === here.question && n !== state.at) {
        counts.set(said, (counts.get(said) ?? 0) + 1);
      }
    });
    return [...counts].sort((one, other) => other[1] - one[1]).map(([said]) => said).slice(0, reused.length);
  };
  const reuse = (said) => {
    by("comment").value = said;
    change(state.at, { comment: said });
  };

  const button = (text, press) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", press);
    return made;
  };

  // What changes while one answer is marked.
  const tell = () => {
    const { points } = mark(state.at);
    for (const one of by("buttons").children) {
      one.setAttribute("aria-pressed", String(points === Number(one.textContent)));
    }
    by("bar").value = marked();
    by("progress").textContent = `${marked()} of ${answers.length} marked`;
  };

  const show = () => {
    const one = answers[state.at];
    const asked = queue.questions[one.question] ?? { title: "", prompt: "" };
    by("question").textContent = `${one.question} ${asked.title}`.trim();
    by("prompt").textContent = asked.prompt;
    by("prompt").hidden = !asked.prompt;
    by("of").textContent = one.max === null ? "" : `of ${one.max}`;
    by("place").textContent = `Answer ${state.at + 1} of ${answers.length}: ${one.answer}`;
    by("who").textContent = one.name ? `· ${one.name} (${one.student})` : `· ${one.student}`;
    by("text").textContent = one.text;
    by("text").scrollTop = 0;
    const whole = one.max === null ? 0 : Math.min(Math.floor(one.max), most);
    by("buttons").replaceChildren(
      ...Array.from({ length: whole + 1 }, (_, n) => button(String(n), () => put(String(n)))),
    );
    const { points, comment } = mark(state.at);
    by("points").value = points === null ? "" : String(points);
    by("comment").value = comment;
    by("wrong").textContent = "";
    by("earlier").replaceChildren(
      ...earlier().map((said, n) => button(`${reused[n]}  ${said}`, () => reuse(said))),
    );
    by("back").disabled = state.at === 0;
    by("next").disabled = state.at === answers.length - 1;
    typed = "";
    tell();
  };
  const put = (text) => {
    by("points").value = text;
    give(text);
  };
  const go = (at) => {
    if (at < 0 || at >= answers.length) return;
    state.at = at;
    save();
    show();
    by("question").focus({ preventScroll: false });
  };
  const goToOpen = () => {
    const order = [...answers.keys()].map((n) => (state.at + 1 + n) % answers.length);
    const open = order.find((n) => mark(n).points === null);
    if (open === undefined) by("notice").textContent = "All answers are marked.";
    else go(open);
  };

  // --- the file ---

  // A text in double quotes is the same in JSON and in YAML; what no reader takes becomes a blank.
  const unreadable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]|\p{Cs}/gu;
  const quoted = (text) => JSON.stringify(text.replace(/\r\n?/g, "\n").replace(unreadable, " "));
  const file = () => {
    const lines = [
      `assignment: ${quoted(queue.assignment)}`,
      `split: ${quoted(queue.split)}`,
      `marker: ${quoted(queue.marker)}`,
      `blind: ${queue.blind}`,
      "marks:",
    ];
    answers.forEach((one, n) => {
      const { points, comment } = mark(n);
      if (points === null && !comment.trim()) return;
      lines.push("");
      lines.push(`- student: ${quoted(one.student)}`);
      if (one.name) lines.push(`  name: ${quoted(one.name)}`);
      lines.push(`  question: ${quoted(one.question)}`);
      lines.push(`  answer: ${quoted(one.answer)}`);
      lines.push(`  hash: ${quoted(one.hash)}`);
      if (one.max !== null) lines.push(`  max_points: ${one.max}`);
      lines.push(`  points: ${points ?? ""}`);
      if (comment.trim()) lines.push(`  comment: ${quoted(comment.trim())}`);
    });
    return `${lines.join("\n")}\n`;
  };
  const download = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([file()], { type: "application/yaml" }));
    link.download = `marks-${queue.assignment}-${queue.marker}.yaml`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    by("notice").textContent = `${marked()} of ${answers.length} marked: send the file back.`;
  };

  // --- hands ---

  by("points").addEventListener("input", () => give(by("points").value));
  by("points").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && give(by("points").value)) {
      event.preventDefault();
      go(state.at + 1);
    }
  });
  by("comment").addEventListener("input", () => change(state.at, { comment: by("comment").value }));
  by("comment").addEventListener("keydown", (event) => {
    if (event.key === "Escape") by("question").focus();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      go(state.at + 1);
    }
  });
  by("none").addEventListener("click", () => put(""));
  by("back").addEventListener("click", () => go(state.at - 1));
  by("next").addEventListener("click", () => go(state.at + 1));
  by("open").addEventListener("click", goToOpen);
  by("download").addEventListener("click", download);

  const digit = (key, at) => {
    const max = answers[state.at].max ?? Infinity;
    const longer = at - lastKey < typing ? typed + key : key;
    typed = number(longer) <= max || longer.endsWith(".") ? longer : key;
    lastKey = at;
    if (!typed.endsWith(".")) put(typed);
  };
  document.addEventListener("keydown", (event) => {
    const within = event.target.closest?.("input, textarea, summary");
    const pressed = event.target.closest?.("button") && (event.key === "Enter" || event.key === " ");
    if (within || pressed || event.ctrlKey || event.metaKey || event.altKey) return;
    const said = reused.includes(event.key) ? earlier()[reused.indexOf(event.key)] : undefined;
    if (/^[0-9.]$/.test(event.key)) digit(event.key, event.timeStamp);
    else if (event.key === "Enter" || event.key === "ArrowRight") go(state.at + 1);
    else if (event.key === "ArrowLeft") go(state.at - 1);
    else if (event.key === "Delete") put("");
    else if (event.key === "t") by("comment").focus();
    else if (event.key === "o") goToOpen();
    else if (said !== undefined) reuse(said);
    else return;
    event.preventDefault();
  });

  load();
  state.at = Math.min(Math.max(state.at, 0), answers.length - 1);
  show();
})();
