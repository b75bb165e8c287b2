// What an editor says of a submission: the real yaml-language-server and ajv, by their own code.
// In: {schema, texts: [{text, complete: {line, character}?}]}. Out: what each underlines and offers.
const { createRequire } = require("node:module");
const modules = createRequire(process.env.EDITOR_NODE_MODULES + "/");
const { getLanguageService } = modules("yaml-language-server");
const { TextDocument } = modules("vscode-languageserver-textdocument");
const Ajv2020 = modules("ajv/dist/2020").default;

async function main() {
  const { schema, texts } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  const strict = new Ajv2020({ strict: true, allErrors: true });
  for (const word of ["errorMessage", "patternErrorMessage", "defaultSnippets"]) strict.addKeyword(word);
  const valid = strict.compile(schema);
  const url = "file:///schema.json";
  const service = getLanguageService({
    schemaRequestService: async () => JSON.stringify(schema),
    workspaceContext: { resolveRelativePath: (path) => path },
    telemetry: { send() {}, sendError() {}, sendTrack() {} },
  });
  service.configure({
    validate: true, completion: true, hover: true, format: false, customTags: [],
    schemas: [{ uri: url, fileMatch: ["*.yaml"], schema }],
  });
  const told = [];
  for (const [number, { text, data, complete }] of texts.entries()) {
    const document = TextDocument.create(`file:///${number}.yaml`, "yaml", 1, text);
    const found = await service.doValidation(document, false);
    const offered = complete ? (await service.doComplete(document, complete, false)).items : [];
    told.push({
      underlined: found.map((d) => ({ line: d.range.start.line + 1, message: d.message })),
      offered: offered.map((i) => ({ label: i.label, text: i.textEdit ? i.textEdit.newText : i.insertText })),
      valid: data === undefined ? null : valid(data),
    });
  }
  process.stdout.write(JSON.stringify(told));
}

main().catch((error) => { console.error(error.stack); process.exit(1); });
