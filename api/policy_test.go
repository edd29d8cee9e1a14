package api_test

import (
	"encoding/json"
	"testing"

	"github.com/caddy-tollgate/tollgate/api"
)

func TestThePolicyOfAStoreIsDescribed(t *testing.T) {
	text, err := api.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var description struct {
		Paths      map[string]map[string]struct{ OperationID string }
		Components struct {
			Schemas map[string]struct{ Required []string }
		}
	}
	if err := json.Unmarshal(text, &description); err != nil {
		t.Fatal(err)
	}
	if id := description.Paths["/policy/push"]["post"].OperationID; id != "push-policy" {
		t.Errorf("the push is %q", id)
	}
	if required := description.Components.Schemas["policy_file"].Required; len(required) != 1 || required[0] != "version" {
		t.Errorf("a policy file must have %q", required)
	}
}
