package api

import (
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/store"
)

// Terms are the parameters of every write.
type Terms struct {
	IfMatch             string `header:"If-Match" doc:"The ETag of the object as you know it, or * if it must exist. Another one is answered 412."`
	IfNoneMatch         string `header:"If-None-Match" doc:"* if the object must not exist. Otherwise 412 is the answer."`
	DryRun              bool   `query:"dry_run" doc:"Check the change and say what it opens and closes, without making it."`
	AcknowledgeHighRisk bool   `query:"acknowledge_high_risk" doc:"That you know of the risk. Required to open an account to a territory that the carrier marks as high risk on the channel."`
	Reason              string `query:"reason" maxLength:"500" doc:"Why, for the audit log."`
	Ticket              string `query:"ticket" maxLength:"100" doc:"Where it was asked for, for the audit log."`
}

func (t *Terms) read() (permissions.Terms, error) {
	read := permissions.Terms{Reason: t.Reason, Ticket: t.Ticket, DryRun: t.DryRun, AcknowledgeHighRisk: t.AcknowledgeHighRisk}
	switch t.IfNoneMatch {
	case "":
	case "*":
		read.Match.Absent = true
	default:
		return read, huma.Error400BadRequest(`If-None-Match must be "*": nothing else is asked of an object that is not there`)
	}
	if t.IfMatch == "*" {
		read.Match.Exists = true
		return read, nil
	}
	for tag := range strings.SplitSeq(t.IfMatch, ",") {
		if tag = strings.TrimSpace(tag); tag == "" {
			continue
		}
		revision, err := parseETag(tag)
		if err != nil {
			return read, huma.Error400BadRequest("If-Match must be an ETag that a resource was answered with, such as \"12\"")
		}
		read.Match.Revisions = append(read.Match.Revisions, revision)
	}
	return read, nil
}

// etag is the revision that an object was changed at, as an entity tag.
func etag(revision store.Revision) string {
	return strconv.Quote(strconv.FormatInt(int64(revision), 10))
}

func parseETag(tag string) (store.Revision, error) {
	text, err := strconv.Unquote(tag)
	if err != nil {
		return 0, err
	}
	revision, err := strconv.ParseInt(text, 10, 64)
	return store.Revision(revision), err
}
