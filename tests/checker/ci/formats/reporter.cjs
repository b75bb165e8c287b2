// What the reporter of the old GitHub Classroom makes of our results, by its published rules: it takes
// them from <RUNNER>_RESULTS, prints a line or more for each test, shows one total and sends another.
// Prints as JSON: the lines of the log, both totals, how the step ends, and every value that is not of
// the type that the reporter relies on.
const input = process.env.INPUT_RUNNERS ?? "";
const problems = [];
const log = [];

function want(holds, what) {
  if (!holds) problems.push(what);
}

function readResults(runner) {
  const encoded = process.env[`${runner.trim().toUpperCase()}_RESULTS`];
  want(typeof encoded === "string", `there is no ${runner.trim().toUpperCase()}_RESULTS`);
  return JSON.parse(Buffer.from(encoded ?? "", "base64").toString("utf-8"));
}

function checkTypes({ status, max_score, tests }) {
  want(["pass", "fail", "error"].includes(status), `status ${status}`);
  want(Number.isFinite(max_score) && max_score >= 0, `max_score ${max_score}`);
  want(Array.isArray(tests) && tests.length > 0, "no tests, which divides by nothing");
  for (const test of tests) {
    want(typeof test.name === "string" && test.name !== "", `name ${test.name}`);
    want(Number.isFinite(test.score), `score ${test.score}`);
    want(Number.isInteger(test.line_no), `line_no ${test.line_no}`);
  }
}

function print({ name, status, line_no, message, test_code }) {
  const where = line_no !== 0 ? ` - line ${line_no}` : "";
  if (status === "pass") log.push(`\x1b[32m✅ ${name}${where}\x1b[0m`);
  else if (status === "error") log.push(`Error: ${message || `Failed to run test '${name}'`}\n\x1b[0m`);
  else log.push(`\x1b[31m❌ ${name}${where}\x1b[0m`);
  if (test_code) log.push(`Test code:\n${test_code}\n`);
}

want(/^([a-zA-Z0-9]+,)*[a-zA-Z0-9]+$/.test(input), `runners ${input}`);
const shown = { score: 0, max: 0 };
const sent = { score: 0, max: 0 };
const statuses = [];
for (const results of input.split(",").map(readResults)) {
  checkTypes(results);
  results.tests.forEach(print);
  const passed = results.tests.filter(({ status }) => status === "pass").length;
  // What the log shows counts tests; what Classroom gets adds up scores.
  shown.score += (passed / results.tests.length) * (results.max_score || 0);
  shown.max += results.max_score || 0;
  if (results.max_score) {
    sent.max += results.max_score;
    for (const { score } of results.tests) sent.score += score;
  }
  statuses.push(results.status);
}
let ends = "success";
if (statuses.includes("fail")) ends = "Some tests failed.";
else if (statuses.includes("error")) ends = "Some tests errored.";
const lines = log.flatMap((text) => text.split("\n"));
process.stdout.write(JSON.stringify({ lines, shown, sent, ends, problems }));
