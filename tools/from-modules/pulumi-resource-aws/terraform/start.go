package terraform

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"syscall"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	p5 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/vendored/tfplugin5"
	"google.golang.org/grpc"
)

// Start runs the Terraform provider and returns a client to it and what ends it.
//
// The child dies with this process, however that ends. Linux ties this (Pdeathsig) to the thread
// that forked the child, so that thread is kept for good. It has a session of its own: a signal
// meant for a whole group or session would end it in the middle of a change.
func Start() (p5.ProviderClient, func(), error) {
	path, err := Find()
	if err != nil {
		return nil, nil, err
	}
	command := exec.Command(path)
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setsid: true}
	level := hclog.Off
	if asked := os.Getenv("TF_LOG"); asked != "" {
		level = hclog.LevelFromString(asked)
	}
	client := goplugin.NewClient(&goplugin.ClientConfig{
		// How Terraform greets its plugins; without it they refuse to start.
		HandshakeConfig: goplugin.HandshakeConfig{
			ProtocolVersion:  5,
			MagicCookieKey:   "TF_PLUGIN_MAGIC_COOKIE",
			MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		},
		VersionedPlugins: map[int]goplugin.PluginSet{5: {"provider": clientOnly{}}},
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		AutoMTLS:         true,
		Cmd:              command,
		Logger:           hclog.New(&hclog.LoggerOptions{Level: level, Output: os.Stderr}),
	})

	started := make(chan error)
	var provider any
	go func() {
		runtime.LockOSThread()
		connection, err := client.Client()
		if err == nil {
			provider, err = connection.Dispense("provider")
		}
		started <- err
		select {} // keeps the thread
	}()
	if err := <-started; err != nil {
		client.Kill()
		return nil, nil, err
	}
	return provider.(p5.ProviderClient), client.Kill, nil
}

// clientOnly is a go-plugin plugin of which only the client's half is needed.
type clientOnly struct {
	goplugin.NetRPCUnsupportedPlugin
}

func (clientOnly) GRPCServer(*goplugin.GRPCBroker, *grpc.Server) error {
	return errors.New("client only")
}

func (clientOnly) GRPCClient(_ context.Context, _ *goplugin.GRPCBroker, c *grpc.ClientConn) (any, error) {
	return p5.NewProviderClient(c), nil
}
