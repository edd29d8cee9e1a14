// Package suggest answers "did you mean": which known word, or which territory, was
// probably meant by one that was mistyped.
//
// It knows no grammar: the words to choose from and their synonyms are arguments.
package suggest
