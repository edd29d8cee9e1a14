package placeholder

import (
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/caddyserver/caddy/v2"
)

// Prefix begins the name of every placeholder of this module.
const Prefix = "http.tollgate."

// Upstream is what a proxy behind the gate forwards to.
const Upstream = "{" + Prefix + "upstream}"

// pattern is anything that Caddy would read as a placeholder.
var pattern = regexp.MustCompile(`\{([^{}]*)\}`)

// Replace replaces {env.*} and {file.*}. What else Caddy knows, such as the time, would
// make a policy change by itself.
func Replace(text string) (string, error) {
	for _, match := range pattern.FindAllStringSubmatch(text, -1) {
		if !strings.HasPrefix(match[1], "env.") && !strings.HasPrefix(match[1], "file.") {
			return "", fmt.Errorf("a policy can hold {env.*} and {file.*}, not %s", match[0])
		}
	}
	return caddy.NewReplacer().ReplaceOrErr(text, true, true)
}

// Holds reports whether a text may hold a placeholder. What it says is not known, and
// cannot be checked, before Replace.
func Holds(text string) bool { return strings.Contains(text, "{") }

// OfModule returns the names of this module's placeholders that a text has, without Prefix.
func OfModule(text string) (names []string) {
	for _, match := range pattern.FindAllStringSubmatch(text, -1) {
		if name, ok := strings.CutPrefix(match[1], Prefix); ok {
			names = append(names, name)
		}
	}
	return names
}

// Is reports whether a text is {env.*} or {file.*} and nothing else.
func Is(text string) bool {
	return (strings.HasPrefix(text, "{env.") || strings.HasPrefix(text, "{file.")) && strings.IndexByte(text, '}') == len(text)-1
}

// ReplaceRegular replaces as Replace does, and reads regular files only: a pipe
// would never end.
func ReplaceRegular(text string) (string, error) {
	for _, match := range pattern.FindAllStringSubmatch(text, -1) {
		name, isFile := strings.CutPrefix(match[1], "file.")
		if !isFile {
			continue
		}
		info, err := os.Stat(name)
		if err != nil {
			return "", err
		}
		if !info.Mode().IsRegular() {
			return "", fmt.Errorf("%s is not a regular file: write the secret into one", name)
		}
	}
	return Replace(text)
}
