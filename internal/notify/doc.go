// Package notify tells people and their systems of incidents and thresholds: by webhook, in Slack, by e-mail.
//
//   - incident.go, threshold.go: what is told, in words and as JSON
//   - notice.go: what all of that has when it is delivered
//   - webhook.go, email.go: the ways it goes
//   - sender.go: which target is told what; queue.go: in which order, and how often it is tried
//
// No request waits for it. What an incident is, internal/incident knows.
package notify
