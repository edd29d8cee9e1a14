package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// nodeFiles is a library with one product, in the shapes of the true one.
var nodeFiles = map[string]string{
	"ThingsBase.js": `class ThingsBase extends Domain_1.default {
    constructor(twilio) {
        super(twilio, "https://things.twilio.com");
    }
}
`,
	"Things.js": `class Things extends ThingsBase_1.default {}
`,
	"things/V1.js": `const Version_1 = __importDefault(require("../../base/Version"));
const thing_1 = require("./v1/thing");
class V1 extends Version_1.default {
    constructor(domain) {
        super(domain, "v1");
    }
}
`,
	"things/v1/thing.d.ts": `export type Kind = "to" | "from";
export declare class Thing {
    /**
     * What it is called.
     */
    "name"?: string | null;
    "kind": Kind;
    "parts"?: {
        [key: string]: Part;
    };
    constructor(payload: any);
}
export declare class Part {
    "phoneNumbers": Array<string>;
    "thing"?: Thing;
    constructor(payload: any);
}
export interface ThingContext {
    update(params: Thing, headers?: any, callback?: any): Promise<ThingInstance>;
}
`,
	"things/v1/thing.js": "class Thing {\n" +
		"    constructor(payload) {\n" +
		"        this.name = payload[\"name\"];\n" +
		"        this.kind = payload[\"kind\"];\n" +
		"        this.parts = payload[\"parts\"];\n" +
		"    }\n" +
		"}\n" +
		"class Part {\n" +
		"    constructor(payload) {\n" +
		"        this.phoneNumbers = payload[\"phone_numbers\"];\n" +
		"        this.thing = payload[\"thing\"];\n" +
		"    }\n" +
		"}\n" +
		"class ThingContextImpl {\n" +
		"    constructor(_version, boxSid, sid) {\n" +
		"        this._uri = `/Boxes/${boxSid}/Things/${sid}.json`;\n" +
		"    }\n" +
		"    fetch(callback) {\n" +
		"        operationVersion.fetch({\n" +
		"            uri: instance._uri,\n" +
		"            method: \"get\",\n" +
		"        });\n" +
		"    }\n" +
		"    update(params, headers, callback) {\n" +
		"        let data = {};\n" +
		"        data = params;\n" +
		"        operationVersion.update({\n" +
		"            uri: instance._uri,\n" +
		"            method: \"put\",\n" +
		"            data,\n" +
		"        });\n" +
		"    }\n" +
		"}\n" +
		"function ThingListInstance(version) {\n" +
		"    instance._uri = `/Boxes`;\n" +
		"    instance.create = function create(params, callback) {\n" +
		"        let data = {};\n" +
		"        data[\"To\"] = params[\"to\"];\n" +
		"        if (params[\"tags\"] !== undefined)\n" +
		"            data[\"Tags\"] = serialize.map(params[\"tags\"], (e) => e);\n" +
		"        operationVersion.create({\n" +
		"            uri: instance._uri,\n" +
		"            method: \"post\",\n" +
		"            data,\n" +
		"        });\n" +
		"    };\n" +
		"}\n",
}

// writeNode writes the library with something else in place of a text.
func writeNode(t *testing.T, old, replacement string) string {
	t.Helper()
	folder := t.TempDir()
	replaced := false
	for name, content := range nodeFiles {
		replaced = replaced || strings.Contains(content, old)
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.Replace(content, old, replacement, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if !replaced {
		t.Fatalf("no file has %q", old)
	}
	return folder
}

func TestWritesAreReadFromTheLibraryForNode(t *testing.T) {
	found, err := extractNode(writeNode(t, "", ""))
	if err != nil {
		t.Fatal(err)
	}
	// The library for Go calls the variables by other names.
	known := []write{{product: "things", method: "PUT", path: "/v1/Boxes/{Box}/Things/{Id}.json", parameters: []string{"/name", "/other"}}}
	_, got, _ := strings.Cut(extractText(merge(known, found), versions{}), "on the way to it.\n")
	want := "things POST /v1/Boxes Tags,To\n" +
		"things PUT /v1/Boxes/{Box}/Things/{Id}.json /kind,/name,/other,/parts,/parts/phone_numbers,/parts/thing\n"
	if got != want {
		t.Errorf("found\n%swant\n%s", got, want)
	}
	if want := "/v1/Boxes/{BoxSid}/Things/{Sid}.json"; found[0].path != want {
		t.Errorf("path is %s, want %s", found[0].path, want)
	}
}

func TestWhatIsNotUnderstoodInTheLibraryForNodeIsAMistake(t *testing.T) {
	for _, test := range []struct{ name, old, replacement string }{
		{"a host", `"https://things.twilio.com"`, "hostOf(things)"},
		{"a version", `super(domain, "v1")`, "super(domain, versionOf(things))"},
		{"a version without resources", `require("./v1/thing")`, `require("thing")`},
		{"a resource outside a version", `require("./v1/thing")`, `require("./v2/thing")`},
		{"a path", "`/Boxes`", "pathOf(boxes)"},
		{"a variable", "${boxSid}", "${boxSid.toString()}"},
		{"no path", "instance._uri = `/Boxes`;", ""},
		{"two paths", "instance._uri = `/Boxes`;", "instance._uri = `/Boxes`; instance._uri = `/Crates`;"},
		{"a request to elsewhere", "uri: instance._uri,\n            method: \"post\"", "uri: elsewhere,\n            method: \"post\""},
		{"a method", `method: "post"`, `method: "link"`},
		{"two requests in a function", `method: "post"`, `method: "get", method: "post"`},
		{"a request outside a function", "    instance.create = function create(", "    made = makeCreate("},
		{"a parameter", `data["To"]`, `data[nameOf(to)]`},
		{"parameters", "data = params;", "data = serialize(params);"},
		{"the type of a body", "update(params: Thing,", "update(params: { name: string },"},
		{"a type that is not there", `"kind": Kind`, `"kind": Sort`},
		{"a member without a name", `this.kind = payload["kind"];`, ""},
		{"a member in another shape", `"kind": Kind`, `kind: Kind`},
		{"a type in another shape", `"kind": Kind`, `"kind": Array<{ to: string }>`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if found, err := extractNode(writeNode(t, test.old, test.replacement)); err == nil {
				t.Errorf("no mistake was found in %v", found)
			}
		})
	}
}

func TestTheLibraryForNodeIsTheOneInItsPackageFile(t *testing.T) {
	folder := t.TempDir()
	library := filepath.Join(folder, "node_modules", nodePackage)
	if err := os.MkdirAll(library, 0o755); err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string]string{
		filepath.Join(folder, "package.json"):  `{"dependencies": {"twilio": "6.2.0"}}`,
		filepath.Join(library, "package.json"): `{"version": "6.1.0"}`,
	} {
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := findNode(folder); err == nil {
		t.Error("another version was taken")
	}
}
