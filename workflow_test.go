package tollgate_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// A forge runs what a contributor runs, and in time.
func TestTheWorkflowRunsWhatAChangeMustPass(t *testing.T) {
	var workflow struct {
		Jobs map[string]struct {
			Timeout int `yaml:"timeout-minutes"`
			Steps   []struct {
				Run string
				Env map[string]string
			}
		}
	}
	text, err := os.ReadFile(".github/workflows/ci.yml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &workflow); err != nil {
		t.Fatal(err)
	}
	runs := 0
	for name, job := range workflow.Jobs {
		if job.Timeout == 0 || job.Timeout > 20 {
			t.Errorf("job %s may take %d minutes", name, job.Timeout)
		}
		for _, step := range job.Steps {
			if step.Run == ".ci/run" && step.Env["CI"] == "true" {
				runs++
			}
		}
	}
	if runs != 1 {
		t.Errorf(".ci/run is called %d times with CI=true", runs)
	}
}

// One run of the tests is what a newcomer starts and what a change must pass: with the
// race detector, and of everything.
func TestTheTestsRunOnceAndAsTheREADMESays(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var stated string
	for line := range strings.Lines(string(readme)) {
		if strings.HasPrefix(line, "go test ") {
			stated = strings.TrimSpace(line)
			break
		}
	}
	if words := strings.Fields(stated); !slices.Contains(words, "-race") || !slices.Contains(words, "./...") {
		t.Errorf("the README runs the tests with %q", stated)
	}
	script, err := os.ReadFile(".ci/run")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(script), "\ngo test ") || strings.Count(string(script), "\n$tests") != 1 {
		t.Error(".ci/run runs other tests than the README says, or runs them more than once")
	}
	if output, err := exec.Command("bash", "-n", ".ci/run").CombinedOutput(); err != nil {
		t.Errorf("bash does not read .ci/run: %s", output)
	}
}

// Each week, a forge looks whether the numbering metadata are behind.
func TestTheNumberingMetadataAreCheckedEachWeek(t *testing.T) {
	var workflow struct {
		On struct {
			Schedule []struct{ Cron string }
		}
		Jobs map[string]struct{ Steps []struct{ Run string } }
	}
	text, err := os.ReadFile(".github/workflows/numbering.yml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &workflow); err != nil {
		t.Fatal(err)
	}
	if len(workflow.On.Schedule) != 1 || len(strings.Fields(workflow.On.Schedule[0].Cron)) != 5 {
		t.Errorf("it is scheduled by %v", workflow.On.Schedule)
	}
	if steps := workflow.Jobs["newest"].Steps; len(steps) == 0 || steps[len(steps)-1].Run != ".ci/check-numbering" {
		t.Errorf("it runs %v", steps)
	}
	if output, err := exec.Command("bash", "-n", ".ci/check-numbering").CombinedOutput(); err != nil {
		t.Errorf("bash does not read .ci/check-numbering: %s", output)
	}
}

// The check reads the version of the package with sed, by the line that states it.
func TestTheCheckOfTheNumberingMetadataFindsTheirVersion(t *testing.T) {
	metadata, err := os.ReadFile("numbering/libphonenumber/metadata.json")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(metadata), "\n\"package_version\": \"1.") {
		t.Error("no line of its own states it")
	}
}
