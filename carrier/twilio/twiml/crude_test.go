package twiml

import (
	"html"
	"regexp"
	"strings"
	"unicode"
)

// markup are the pieces of a document, in the crudest way to tell them apart.
var (
	markup    = regexp.MustCompile(`(?s)<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<(?:[^"'>]|"[^"]*"|'[^']*')*>|[^<]+`)
	tagName   = regexp.MustCompile(`^</?\s*(?:[^\s/>:]*:)?([^\s/>:]*)`)
	toValue   = regexp.MustCompile(`(?i)["'\s](?:[^\s=:]*:)?to\s*=\s*(?:"([^"]*)"|'([^']*)')`)
	anyValue  = regexp.MustCompile(`"[^"]*"|'[^']*'`)
	namespace = regexp.MustCompile(`["'\s]xmlns\s*=`)
	digitRun  = regexp.MustCompile(`[0-9]{7,}`)
	sid       = regexp.MustCompile(`^[A-Z]{2}[0-9a-f]{32}$`)
	dialler   = regexp.MustCompile(`(?i)^(dial|number|sip|uri|whatsapp|refer|refersip)$`)
	aside     = regexp.MustCompile(`^<(Client|Conference|Queue|Sim|Application)[\s/>]`)
	known     = regexp.MustCompile(`^<(Response|Body|Say|Message|Sms|Enqueue|Task|Play|Media|Redirect|Room|Autopilot|Identity|ApplicationSid|` +
		`Client|Conference|Queue|Sim|Application|Emphasis|emphasis|Lang|lang|P|p|Phoneme|phoneme|Prosody|prosody|S|s|SayAs|say-as|Sub|sub|W|w)[\s/>]`)
)

// crude finds every row of 7 digits or more that could be dialled, by the
// crudest reading of a document: of what stands between the tags of whatever
// dials, all of it and each piece between markup; of what is called "to"; and of
// what stands in elements that TwiML does not have.
func crude(document string) []string {
	var found []string
	keep := func(text string) {
		if d := digitsOf(text); len([]rune(d)) >= 7 {
			found = append(found, d)
		}
	}
	type node struct {
		tag   string
		name  string
		texts []string
	}
	var stack []node
	text := func(t string) {
		if len(stack) == 0 {
			return
		}
		innermost := &stack[len(stack)-1]
		inDialler := false
		for i := len(stack) - 1; i >= 0; i-- {
			if i > 0 && aside.MatchString(stack[i].tag) && strings.EqualFold(stack[i-1].name, "dial") {
				break
			}
			if dialler.MatchString(stack[i].name) {
				stack[i].texts = append(stack[i].texts, t)
				inDialler = true
				break
			}
		}
		if !inDialler && !known.MatchString(innermost.tag) {
			for _, run := range digitRun.FindAllString(t, -1) {
				keep(run)
			}
		}
	}
	leave := func() {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		keep(strings.Join(n.texts, ""))
		for _, t := range n.texts {
			keep(t)
		}
	}
	for _, piece := range markup.FindAllString(document, -1) {
		switch {
		case strings.HasPrefix(piece, "<!--"), strings.HasPrefix(piece, "<?"):
		case strings.HasPrefix(piece, "<![CDATA["):
			text(strings.TrimSuffix(strings.TrimPrefix(piece, "<![CDATA["), "]]>"))
		case strings.HasPrefix(piece, "</"):
			if len(stack) > 0 {
				leave()
			}
		case strings.HasPrefix(piece, "<"):
			for _, match := range toValue.FindAllStringSubmatch(quoteless(piece), -1) {
				if value := html.UnescapeString(match[1] + match[2]); !sid.MatchString(strings.TrimSpace(value)) {
					keep(value)
				}
			}
			tag, name := piece, tagName.FindStringSubmatch(piece)[1]
			if namespace.MatchString(quoteless(piece)) {
				tag = "" // a namespace: nothing is what it is called
			}
			stack = append(stack, node{tag: tag, name: name})
			if strings.HasSuffix(piece, "/>") {
				leave()
			}
		default:
			text(html.UnescapeString(piece))
		}
	}
	return found
}

// quoteless blanks out what looks like an attribute in the value of another.
func quoteless(tag string) string {
	return anyValue.ReplaceAllStringFunc(tag, func(value string) string {
		return strings.ReplaceAll(value, "=", "")
	})
}

func digitsOf(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsDigit(c) {
			return c
		}
		return -1
	}, text)
}
