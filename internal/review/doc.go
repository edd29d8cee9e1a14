// Package review is what people ask of a policy before and after it is in force:
// explain a verdict, check what must be enabled, tell two policies apart. It
// answers in text for people and in JSON for programs.
//
// It judges nothing itself: every answer is asked of gate and policy. It reads
// no file, opens no connection and knows no command line. It imports gate,
// policy, numbering and config.
package review
