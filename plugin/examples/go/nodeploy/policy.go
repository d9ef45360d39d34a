package nodeploy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// PolicyFor is the policy (freeze windows) of a call, in JSON or YAML: the file that is named, or the one in the working
// folder; it names it on stderr. `on` and `off` do not use it: they work even if it is broken.
func PolicyFor(action json.RawMessage, named []string) (json.RawMessage, error) {
	var kind struct{ Type string }
	if json.Unmarshal(action, &kind) == nil && (kind.Type == "on" || kind.Type == "off") {
		return json.RawMessage("null"), nil
	}
	if variable := os.Getenv("NODEPLOY_POLICY"); len(named) == 0 && variable != "" {
		named = []string{variable}
	}
	if len(named) == 0 {
		// A policy that is there but cannot be read is an error: a gate must not ignore it.
		for _, name := range []string{"nodeploy.yaml", "nodeploy.yml", "nodeploy.json"} {
			if _, err := os.Lstat(name); !errors.Is(err, os.ErrNotExist) {
				named = append(named, name)
			}
		}
	}
	switch {
	case len(named) > 1:
		return nil, fmt.Errorf("there are %s; name the policy that holds", strings.Join(named, " and "))
	case len(named) == 0 || named[0] == "":
		fmt.Fprintln(os.Stderr, "policy: none")
		return json.RawMessage("null"), nil
	}
	fmt.Fprintln(os.Stderr, "policy:", named[0])
	return ReadPolicy(named[0])
}

// ReadPolicy is a policy's file as JSON, with the calendars that it names.
func ReadPolicy(file string) (json.RawMessage, error) {
	opened, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	text, err := readText(opened)
	if err != nil {
		return nil, err
	}
	policy, err := fromYAML(text) // JSON is YAML, and this parser refuses a key given twice
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	windows, isList := policy["windows"].([]any)
	if !isList {
		return nil, fmt.Errorf("%s: a policy is an object with a `windows` list", file)
	}
	if key := blankIn(policy, "windows"); key != "" {
		return nil, fmt.Errorf("%s: `%s` has no value", file, key) // to the core it would look left out
	}
	for _, window := range windows {
		window, _ := window.(map[string]any)
		if calendar, isText := window["calendar"].(string); isText {
			// A change to the policy must not make this process read its own variables, or anyone's keys.
			opened, err := os.OpenInRoot(filepath.Dir(file), calendar)
			if err != nil {
				return nil, err
			}
			window["calendar"], err = readText(opened)
			if err != nil {
				return nil, err
			}
		}
	}
	return json.Marshal(policy)
}

// blankIn is the key of something that has no value, if there is any.
func blankIn(value any, key string) string {
	switch value := value.(type) {
	case nil:
		return key
	case map[string]any:
		for key, inner := range value {
			if blank := blankIn(inner, key); blank != "" {
				return blank
			}
		}
	case []any:
		for _, inner := range value {
			if blank := blankIn(inner, key); blank != "" {
				return blank
			}
		}
	}
	return ""
}

func fromYAML(text string) (policy map[string]any, err error) {
	decoder := yaml.NewDecoder(strings.NewReader(text))
	var document yaml.Node
	if err := decoder.Decode(&document); err != nil {
		return nil, err
	}
	if decoder.Decode(&yaml.Node{}) != io.EOF {
		return nil, errors.New("it is more than one document")
	}
	if err := asWritten(&document); err != nil {
		return nil, err
	}
	return policy, document.Decode(&policy)
}

// YAML 1.2 has no type for `2026-12-24` and no merge key, and a policy has no tags.
func asWritten(node *yaml.Node) error {
	switch {
	case node.Style&yaml.TaggedStyle != 0:
		return fmt.Errorf("line %d: `%s` is a tag, and a policy has none", node.Line, node.Tag)
	case node.Tag == "!!merge":
		return fmt.Errorf("line %d: YAML 1.2 has no merge key `<<`; write out what it stands for", node.Line)
	case node.Tag == "!!timestamp":
		node.Tag = "!!str"
	}
	for _, inside := range node.Content {
		if err := asWritten(inside); err != nil {
			return err
		}
	}
	return nil
}

func readText(file *os.File) (string, error) {
	defer file.Close()
	text, err := io.ReadAll(file)
	if err == nil && !utf8.Valid(text) {
		err = fmt.Errorf("%s is not UTF-8", file.Name())
	}
	return string(bytes.TrimPrefix(text, []byte("\ufeff"))), err
}
