// Package review answers questions about a policy before and after it is in force:
// explain a verdict, check what must be enabled, compare two policies. It answers in text
// for people and in JSON for programs.
//
// It judges nothing itself: every answer comes from gate and policy. It reads no file,
// opens no connection and knows no command line. It imports gate, policy, address,
// numbering and config.
package review
