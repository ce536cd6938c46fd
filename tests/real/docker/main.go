// What Docker itself reads: docker-compose.yml with compose-go, which `docker compose` loads projects with, and a
// Dockerfile with BuildKit's own parser, linter and translation. No engine runs and nothing is fetched.
//
//	judge compose FILE ENV_FILE     the project as `docker compose config` resolves it, as JSON
//	judge dockerfile FILE           stages, warnings of every rule, and the mistake that ends a build, as JSON
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/subrequests/lint"
	digest "github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

func main() {
	shown, err := judged(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(string(shown))
}

func judged(arguments []string) ([]byte, error) {
	if len(arguments) == 3 && arguments[0] == "compose" {
		return composed(arguments[1], arguments[2])
	}
	if len(arguments) == 2 && arguments[0] == "dockerfile" {
		return built(arguments[1])
	}
	return nil, fmt.Errorf("judge compose FILE ENV_FILE | judge dockerfile FILE")
}

func composed(file, environment string) ([]byte, error) {
	options, err := cli.NewProjectOptions([]string{file}, cli.WithEnvFiles(environment), cli.WithDotEnv)
	if err != nil {
		return nil, err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return nil, err
	}
	return project.MarshalJSON()
}

type stage struct {
	Name     string   `json:"name"`
	Base     string   `json:"base"`
	Commands []string `json:"commands"`
}

type judgement struct {
	Stages   []stage          `json:"stages"`
	Warnings []lint.Warning   `json:"warnings"`
	Error    *lint.BuildError `json:"error"`
}

func built(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	parsed, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	stages, _, err := instructions.Parse(parsed.AST, nil)
	if err != nil {
		return nil, err
	}
	source := llb.NewSourceMap(nil, file, "Dockerfile", text)
	source.Definition = &llb.Definition{}
	platform := ocispecs.Platform{OS: "linux", Architecture: "amd64"}
	found, err := dockerfile2llb.DockerfileLint(context.Background(), text, dockerfile2llb.ConvertOpt{
		SourceMap: source, TargetPlatform: &platform, MetaResolver: unseen{},
	})
	if err != nil {
		return nil, err
	}
	told := judgement{Warnings: found.Warnings, Error: found.Error}
	for _, one := range stages {
		told.Stages = append(told.Stages, shown(one))
	}
	return json.Marshal(told)
}

func shown(one instructions.Stage) stage {
	found := stage{Name: one.Name, Base: one.BaseName}
	for _, command := range one.Commands {
		found.Commands = append(found.Commands, fmt.Sprint(command))
	}
	return found
}

// unseen answers for base images, which lie in a registry: of each only its platform is claimed.
type unseen struct{}

func (unseen) ResolveImageConfig(_ context.Context, ref string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	config, err := json.Marshal(ocispecs.Image{Platform: ocispecs.Platform{OS: "linux", Architecture: "amd64"}})
	return ref, digest.FromBytes(config), config, err
}
