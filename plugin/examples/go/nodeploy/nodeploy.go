// Package nodeploy is nodeploy in your own program: the plugin decides, this does what it asks for.
package nodeploy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	extism "github.com/extism/go-sdk"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/sys"
)

const (
	rounds = 8
	limit  = 120 * time.Second // for a whole run: what is under way then is ended, and it is exit code 2
)

var errNoKosli = errors.New("there is no `kosli` on the PATH; install the kosli CLI, or add its folder to the PATH")

// Plugin is the plugin, loaded once and asked often, by any goroutine. It takes one call after the other: of two at once the SDK
// gives the one the answer of the other.
type Plugin struct {
	turn     sync.Mutex
	compiled *extism.CompiledPlugin
	instance *extism.Plugin
}

// Load compiles the plugin. Pages are of 64 KB; both limits hold for one call. What it compiles, which takes most of a second, it
// keeps in the folder `cache`, if that has a name: whoever writes there decides.
func Load(module string, memoryPages uint32, timeout time.Duration, cache string) (*Plugin, error) {
	manifest := extism.Manifest{
		Wasm:    []extism.Wasm{extism.WasmFile{Path: module}},
		Memory:  &extism.ManifestMemory{MaxPages: memoryPages},
		Timeout: uint64(timeout.Milliseconds()),
	}
	runtime := wazero.NewRuntimeConfig()
	if cache != "" {
		kept, err := wazero.NewCompilationCacheWithDir(cache)
		if err != nil {
			return nil, err
		}
		runtime = runtime.WithCompilationCache(kept)
	}
	config := extism.PluginConfig{RuntimeConfig: runtime}
	compiled, err := extism.NewCompiledPlugin(context.Background(), manifest, config, nil)
	return &Plugin{compiled: compiled}, err
}

// Ask calls `observe`, `plan` or `version`. An instance that ran out of time is closed for good: the next call gets a new one.
func (p *Plugin) Ask(function string, call []byte) ([]byte, error) {
	p.turn.Lock()
	defer p.turn.Unlock()
	ctx := context.Background()
	if p.instance == nil {
		var err error
		if p.instance, err = p.compiled.Instance(ctx, extism.PluginInstanceConfig{}); err != nil {
			return nil, err
		}
	}
	_, answer, err := p.instance.Call(function, call)
	var closed *sys.ExitError
	if errors.As(err, &closed) {
		p.instance = nil
	}
	return answer, err
}

// The action and the policy go in as they were written: the core refuses a key given twice.
func (p *Plugin) askJSON(function string, call Call, answer any) error {
	text, err := json.Marshal(call)
	if err != nil {
		return err
	}
	if text, err = p.Ask(function, text); err != nil {
		return err
	}
	return json.Unmarshal(text, answer)
}

// Call is what the plugin is asked.
type Call struct {
	Action      json.RawMessage   `json:"action"`
	Now         string            `json:"now"`
	Environment string            `json:"environment"`
	Policy      json.RawMessage   `json:"policy"`
	Observed    map[string]Result `json:"observed"`
}

// Result is what came back from kosli, or why nothing did.
type Result struct {
	ExitCode *int    `json:"exit_code,omitempty"`
	Stdout   *string `json:"stdout,omitempty"`
	Stderr   *string `json:"stderr,omitempty"`
	Error    string  `json:"error,omitempty"`
}

// Item is a read (with a name) or a command (with a type).
type Item struct {
	As       string   `json:"as"`
	Type     string   `json:"type"`
	Argv     []string `json:"argv"`
	Optional bool     `json:"optional"`
}

// Answer is the part of an answer that a host needs.
type Answer struct {
	Decision string
	Summary  string
	Advice   string
	Warnings []struct{ Text string }
	Action   json.RawMessage
	Commands []Item
	Pause    int // seconds to wait before the next look
}

// CarryOut looks, decides, writes and looks again, until nothing is left to do. It returns the decision.
func CarryOut(ctx context.Context, plugin *Plugin, environment string, action, policy json.RawMessage) (string, error) {
	end := time.Now().Add(limit)
	late, cancelLate := context.WithDeadline(context.WithoutCancel(ctx), end)
	defer cancelLate()
	stopped, cancel := context.WithDeadline(ctx, end) // by Ctrl-C, or late
	defer cancel()
	call := Call{Action: action, Environment: environment, Policy: policy}
	var done []string
	fail := func(format string, what ...any) (string, error) {
		end := fmt.Sprintf("\ndone: %s\nto finish, run it with: %s", strings.Join(done, ", "), call.Action)
		if len(done) == 0 {
			end = "\ndone: nothing\nto finish, run it with: " + string(call.Action)
		}
		return "", fmt.Errorf(format+"%s", append(what, end)...)
	}
	failStopped := func() (string, error) {
		if ctx.Err() != nil {
			return fail("stopped")
		}
		return fail("gave up after %v s", limit.Seconds())
	}
	rest := func(pause time.Duration) {
		select {
		case <-time.After(pause):
		case <-stopped.Done():
		}
	}
	var first *Answer
	for round := 1; round <= rounds; round++ {
		if round > 2 {
			rest(200*time.Millisecond + rand.N(400*time.Millisecond)) // someone else may be at it too
		}
		call.Now = time.Now().UTC().Format(time.RFC3339)
		call.Observed = map[string]Result{}
		for {
			var reads []Item
			if err := plugin.askJSON("observe", call, &reads); err != nil {
				return "", err
			}
			if len(reads) == 0 {
				break
			}
			results := make([]Result, len(reads))
			var group sync.WaitGroup
			for i, read := range reads {
				group.Go(func() { results[i] = kosli(stopped, read) })
			}
			group.Wait()
			for i, read := range reads {
				call.Observed[read.As] = results[i]
			}
		}
		var answer Answer
		if err := plugin.askJSON("plan", call, &answer); err != nil {
			return "", err
		}
		if stopped.Err() != nil {
			return failStopped()
		}
		if first == nil {
			first = &answer
		}
		if len(answer.Commands) == 0 && answer.Pause == 0 {
			// What was asked for is in the first answer; where one of them does not proceed, the last one is the news.
			said := &answer
			if first.Decision == "proceed" && answer.Decision == "proceed" {
				said = first
			}
			if err := say(said); err != nil {
				return "", err // what nobody has heard lets nothing through
			}
			return answer.Decision, nil
		}
		call.Action = answer.Action // the same intent, now naming its freezes
		isUnwritten := false
		for _, command := range answer.Commands {
			if stopped.Err() != nil {
				return failStopped()
			}
			// Ctrl-C leaves it to its end.
			if result := kosli(late, command); result.ExitCode == nil || *result.ExitCode != 0 {
				text, _ := json.Marshal(result)
				if !command.Optional {
					return fail("%s failed: %s", command.Type, text)
				}
				fmt.Fprintf(os.Stderr, "warning: %s failed: %s\n", command.Type, text)
				isUnwritten = true // it only tells of the refusal, which stands
				continue
			}
			done = append(done, command.Type)
		}
		if isUnwritten {
			return answer.Decision, say(&answer)
		}
		rest(time.Duration(answer.Pause) * time.Second) // Kosli may show a rival's claim late
		if stopped.Err() != nil {
			return failStopped()
		}
	}
	return fail("not settled after %d rounds", rounds)
}

// These texts are printable; those in `freezes` are as Kosli has them.
func say(answer *Answer) error {
	text := answer.Summary + "\n"
	if answer.Advice != "" {
		text += answer.Advice + "\n"
	}
	for _, warning := range answer.Warnings {
		text += warning.Text + "\n"
	}
	_, err := os.Stdout.WriteString(text)
	return err
}

// None of the variables that could change what the CLI does.
var kept = []string{"PATH", "HOME", "HTTPS_PROXY", "NO_PROXY", "KOSLI_HOST", "KOSLI_ORG", "KOSLI_API_TOKEN"}

// kosli runs a read or a command with the kosli CLI; never a shell.
func kosli(ctx context.Context, item Item) Result {
	command := exec.CommandContext(ctx, item.Argv[0], item.Argv[1:]...)
	command.WaitDelay = time.Second // what kosli has started may hold its output open
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); slices.Contains(kept, name) {
			command.Env = append(command.Env, variable)
		}
	}
	if item.Type == "attest" {
		command.Env = append(command.Env, "KOSLI_MAX_API_RETRIES=0") // attestations add up
	}
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	if errors.Is(err, exec.ErrNotFound) {
		err = errNoKosli
	}
	var failed *exec.ExitError
	if ctx.Err() != nil {
		return Result{Error: "kosli was stopped, or did not finish in time"}
	} else if err != nil && !(errors.As(err, &failed) && failed.Exited()) {
		return Result{Error: err.Error()}
	} else if !utf8.Valid(stdout.Bytes()) || !utf8.Valid(stderr.Bytes()) {
		return Result{Error: "kosli printed something that is not UTF-8"}
	}
	code, out, errors := command.ProcessState.ExitCode(), stdout.String(), stderr.String()
	return Result{ExitCode: &code, Stdout: &out, Stderr: &errors}
}
