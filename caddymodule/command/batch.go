package command

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
)

// batchSize is how many destinations are answered in one go.
const batchSize = 256

// answerBatch answers some destinations, in their order.
type answerBatch func(destinations []string) ([]byte, error)

// destinationsOf yields the destinations that arguments name, each as it is written, of
// which "-" stands for the list on the input.
func destinationsOf(input io.Reader, args []string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, arg := range args {
			if arg != "-" {
				if !yield(arg, nil) {
					return
				}
				continue
			}
			for destination, err := range itemsOf(input) {
				if err != nil {
					yield("", fmt.Errorf("reading destinations: %w", err))
					return
				}
				if !yield(destination.text, nil) {
					return
				}
			}
		}
	}
}

// inOrder answers destinations on all processors and writes the answers in the
// order of the questions, as soon as there is nothing more to wait for.
func inOrder(destinations iter.Seq2[string, error], answer answerBatch, w *bufio.Writer) error {
	quit := make(chan struct{})
	defer close(quit)

	lines := make(chan string, batchSize)
	var unread error // set before lines is closed
	go func() {
		defer close(lines)
		for destination, err := range destinations {
			if err != nil {
				unread = err
				return
			}
			select {
			case lines <- destination:
			case <-quit:
				return
			}
		}
	}()

	// Each batch takes its turn before it is answered.
	turns := make(chan chan answered, 2*runtime.GOMAXPROCS(0))
	go func() {
		defer close(turns)
		for first := range lines {
			batch := gather(first, lines)
			turn := make(chan answered, 1)
			select {
			case turns <- turn:
			case <-quit:
				return
			}
			go func() {
				text, err := answer(batch)
				turn <- answered{text, err}
			}()
		}
	}()

	for turn := range turns {
		a := <-turn
		if a.err != nil {
			return errors.Join(a.err, w.Flush())
		}
		if _, err := w.Write(a.text); err != nil {
			return err
		}
		if len(turns) == 0 {
			if err := w.Flush(); err != nil {
				return err
			}
		}
	}
	return errors.Join(unread, w.Flush())
}

// answered is the answer to a batch.
type answered struct {
	text []byte
	err  error
}

// gather makes a batch of the first destination and those that are there by now.
func gather(first string, lines <-chan string) []string {
	batch := []string{first}
	for len(batch) < batchSize {
		select {
		case line, ok := <-lines:
			if !ok {
				return batch
			}
			batch = append(batch, line)
		default:
			return batch
		}
	}
	return batch
}
