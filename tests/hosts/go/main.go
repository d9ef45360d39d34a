// Runs a script of calls through the plugin in the Go host; ../README.md says what a script is.
package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"nodeploy-host/nodeploy"
)

func main() {
	module, script, output := os.Args[1], must(os.ReadFile(os.Args[2])), os.Args[3]
	pages, milliseconds := must(strconv.Atoi(os.Args[4])), must(strconv.Atoi(os.Args[5]))
	plugin := must(nodeploy.Load(module, uint32(pages), time.Duration(milliseconds)*time.Millisecond, ""))
	lines := strings.Split(strings.TrimSuffix(string(script), "\n"), "\n")
	answers, times := make([]string, len(lines)), make([]time.Duration, len(lines))
	answer := func(at int) {
		line := lines[at]
		if number, found := strings.CutPrefix(line, "again "); found {
			line = lines[must(strconv.Atoi(number))-1]
		}
		function, argument, _ := strings.Cut(line, " ")
		var input []byte
		if file, found := strings.CutPrefix(argument, "@"); found {
			input = must(os.ReadFile(file))
		} else {
			input = must(base64.StdEncoding.DecodeString(argument))
		}
		begun := time.Now()
		text, err := plugin.Ask(function, input)
		times[at] = time.Since(begun)
		if err == nil {
			answers[at] = "=" + string(text) + "\n"
		} else {
			answers[at] = "!" + strings.ReplaceAll(err.Error(), "\n", " ") + "\n"
		}
	}
	threads := 1
	if len(os.Args) > 7 {
		threads = must(strconv.Atoi(os.Args[7]))
	}
	var all sync.WaitGroup
	for first := range threads {
		all.Go(func() {
			for at := first; at < len(lines); at += threads {
				answer(at)
			}
		})
	}
	all.Wait()
	must(0, os.WriteFile(output, []byte(strings.Join(answers, "")), 0o644))
	slices.Sort(times)
	fmt.Println(times[len(times)/2].Microseconds())
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
