// pulumi-language-nodejs starts Node programs for the engine. Upstream no longer publishes its own
// as a Go module. The last that it did stands between program and engine with the protocol of its
// day, and loses what came later, such as resource hooks and options that say no; this one hands
// the program the engine's own address.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// Node ends with this code when it has told the user what is wrong.
const alreadyTold = 32

type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	engineAddress string
}

func main() {
	engineAddress := os.Args[len(os.Args)-1]
	ctx, engineIsGone := context.WithCancel(context.Background())
	if err := rpcutil.Healthcheck(ctx, engineAddress, 5*time.Minute, engineIsGone); err != nil {
		fail(err)
	}
	cancel := make(chan bool)
	go func() {
		<-ctx.Done()
		close(cancel)
	}()
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: cancel,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, &host{engineAddress: engineAddress})
			return nil
		},
	})
	if err != nil {
		fail(err)
	}
	fmt.Println(handle.Port)
	if err := <-handle.Done; err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "pulumi-language-nodejs:", err)
	os.Exit(1)
}

// GetPluginInfo says which version it is: that of the engine it is built with.
func (*host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version.Version}, nil
}

// GetRequiredPackages names none. Every resource says which plugin it needs, and there is nowhere
// to get another from.
func (*host) GetRequiredPackages(
	context.Context, *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

// Run runs the program to its end.
func (h *host) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	info := request.GetInfo()
	runner, err := resolve(ctx, info.GetProgramDirectory())
	if err != nil {
		return nil, err
	}
	environment, err := environment(request)
	if err != nil {
		return nil, err
	}
	program := exec.CommandContext(ctx, "node", append([]string{runner}, h.arguments(request)...)...)
	program.Dir = info.GetProgramDirectory()
	program.Env = environment
	program.Stdout, program.Stderr = os.Stdout, os.Stderr
	return response(program.Run()), nil
}

func response(err error) *pulumirpc.RunResponse {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}
	case errors.As(err, &exit) && exit.ExitCode() == alreadyTold:
		return &pulumirpc.RunResponse{Bail: true}
	case errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("The program ended with %v.", exit)}
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("The program could not be run: %v", err)}
	}
}

// resolve finds the SDK's runner, as the program itself finds the SDK.
func resolve(ctx context.Context, directory string) (string, error) {
	node := exec.CommandContext(ctx, "node", "-p", `require.resolve("@pulumi/pulumi/cmd/run")`)
	node.Dir = directory
	path, err := node.Output()
	if err != nil {
		return "", fmt.Errorf("%s has no @pulumi/pulumi: run npm ci (%w)", directory, err)
	}
	return strings.TrimSpace(string(path)), nil
}

// arguments are those that @pulumi/pulumi/cmd/run takes.
func (h *host) arguments(request *pulumirpc.RunRequest) []string {
	var arguments []string
	for _, option := range []struct{ name, value string }{
		{"monitor", request.GetMonitorAddress()},
		{"engine", h.engineAddress},
		{"organization", request.GetOrganization()},
		{"project", request.GetProject()},
		{"stack", request.GetStack()},
		{"pwd", request.GetPwd()},
		{"root-directory", request.GetInfo().GetRootDirectory()},
		{"parallel", strconv.Itoa(int(request.GetParallel()))},
	} {
		if option.value != "" {
			arguments = append(arguments, "--"+option.name, option.value)
		}
	}
	if request.GetDryRun() {
		arguments = append(arguments, "--dry-run")
	}
	entryPoint := request.GetInfo().GetEntryPoint()
	if entryPoint == "" {
		entryPoint = "."
	}
	return append(append(arguments, entryPoint), request.GetArgs()...)
}

func environment(request *pulumirpc.RunRequest) ([]string, error) {
	variables := append(os.Environ(), "PULUMI_NODEJS_TYPESCRIPT=true")
	if len(request.GetConfig()) == 0 {
		return variables, nil
	}
	config, err := json.Marshal(request.GetConfig())
	if err != nil {
		return nil, err
	}
	// None is an empty list, not null.
	secretKeys, err := json.Marshal(append([]string{}, request.GetConfigSecretKeys()...))
	if err != nil {
		return nil, err
	}
	return append(variables,
		"PULUMI_CONFIG="+string(config),
		"PULUMI_CONFIG_SECRET_KEYS="+string(secretKeys),
	), nil
}
