// Command nodeploy-host answers for a deployment:
//
//	nodeploy-host nodeploy.wasm prod-aws '{"type": "assert"}'
//
// Exit code 0: go on; 1: do not; 2: nobody knows, so do not.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

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
	if len(os.Args) != 4 {
		return "", errors.New("usage: nodeploy-host MODULE ENVIRONMENT ACTION")
	}
	plugin, err := nodeploy.Load(os.Args[1], 4096, 10*time.Second)
	if err != nil {
		return "", err
	}
	if !json.Valid([]byte(os.Args[3])) {
		return "", errors.New("the action is no JSON")
	}
	return nodeploy.CarryOut(plugin, os.Args[2], json.RawMessage(os.Args[3]))
}
