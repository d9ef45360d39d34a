// Command nodeploy-host answers for a deployment:
//
//	nodeploy-host nodeploy.wasm prod-aws '{"type": "assert"}' [nodeploy.yaml]
//
// Where NODEPLOY_CACHE names a folder, it keeps there what it has compiled, and starts from that.
// Exit code 0: deploy; 1: do not; 2: could not tell, so do not.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
	"unicode/utf8"

	"nodeploy-host/nodeploy"
)

func main() {
	decision, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
	}
	switch decision {
	case "proceed":
		os.Exit(0)
	case "refuse":
		os.Exit(1)
	default:
		os.Exit(2)
	}
}

func run() (string, error) {
	if len(os.Args) != 4 && len(os.Args) != 5 {
		return "", errors.New("usage: nodeploy-host MODULE ENVIRONMENT ACTION [POLICY]")
	}
	for _, argument := range os.Args {
		if !utf8.ValidString(argument) {
			return "", errors.New("an argument is not UTF-8")
		}
	}
	ctx, release := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, release) // the second Ctrl-C ends it at once
	// One JSON value, which goes on as it is.
	var action json.RawMessage
	if err := json.Unmarshal([]byte(os.Args[3]), &action); err != nil {
		return "", fmt.Errorf(`the action is not JSON such as {"type": "assert"}: %w`, err)
	}
	policy, err := nodeploy.PolicyFor(action, os.Args[4:])
	if err != nil {
		return "", err
	}
	plugin, err := nodeploy.Load(os.Args[1], 4096, 10*time.Second, os.Getenv("NODEPLOY_CACHE"))
	if err != nil {
		return "", err
	}
	return nodeploy.CarryOut(ctx, plugin, os.Args[2], action, policy)
}
