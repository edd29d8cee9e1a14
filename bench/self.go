//go:build linux

package main

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
)

// The flags that make this program one of its own servers.
const (
	upstreamFlag   = "serve-upstream"
	authorizerFlag = "serve-authorizer"
	// certificateFlag has an upstream take TLS: a file of a certificate and its key.
	certificateFlag = "certificate"
)

// startSelf starts this program as one of its own servers.
func startSelf(name string, arguments ...string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &process{name: name, cmd: command(self, arguments...)}
	p.cmd.Stderr = os.Stderr
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the %s: %w", name, err)
	}
	// Its first line is its address. Wait would close the pipe.
	line, err := bufio.NewReader(stdout).ReadString('\n')
	p.address = strings.TrimSpace(line)
	p.exited = make(chan struct{})
	go func() {
		_ = p.cmd.Wait()
		close(p.exited)
	}()
	if err != nil {
		p.stop()
		return nil, fmt.Errorf("reading the address of the %s: %w", name, err)
	}
	return p, nil
}

// listenAsSelf listens on loopback, prints the address, and stops listening when the
// standard input ends.
func listenAsSelf(certificate string) (net.Listener, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	fmt.Println(l.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		l.Close()
	}()
	if certificate == "" {
		return l, nil
	}
	pair, err := tls.LoadX509KeyPair(certificate, certificate)
	if err != nil {
		return nil, fmt.Errorf("reading the certificate: %w", err)
	}
	return tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{pair}}), nil
}
