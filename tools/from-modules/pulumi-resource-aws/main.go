// pulumi-resource-aws serves the "aws" package to the Pulumi engine where the official plugin
// cannot be downloaded and no Go module offers it: it drives a stock Terraform AWS provider binary
// through pulumi-terraform-bridge, under the tokens and property names that @pulumi/aws uses.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/proto"
	"github.com/pulumi/pulumi/pkg/v3/resource/provider"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"groundwork/from-modules/pulumi-resource-aws/mapping"
	"groundwork/from-modules/pulumi-resource-aws/terraform"
)

// version is the plugin's own, set by the linker; without it, that of the @pulumi/aws mapped.
var version string

func main() {
	table, err := mapping.Load()
	if err != nil {
		fatal(err)
	}
	if version == "" {
		version = table.Version
	}
	if len(os.Args) == 2 {
		// The two questions that the build asks. The engine's flags are read by provider.Main.
		switch os.Args[1] {
		case "-version", "--version":
			fmt.Println(version)
			return
		case "-terraform-provider":
			path, err := terraform.Find()
			if err != nil {
				fatal(err)
			}
			fmt.Println(path)
			return
		}
	}
	if err := serve(table); err != nil {
		fatal(err)
	}
}

func serve(table *mapping.Table) error {
	client, kill, err := terraform.Start()
	if err != nil {
		return err
	}
	defer kill()
	go leaveWithEngine(kill)

	ctx, leave := context.WithCancel(context.Background())
	defer leave()
	bridged := proto.New(ctx, &terraform.Server{Client: client, Start: terraform.Start})
	return provider.MainContext(ctx, "aws", func(host *provider.HostClient) (pulumirpc.ResourceProviderServer, error) {
		s, err := newServer(ctx, host, providerInfo(bridged, table))
		if err == nil {
			go leaveWhenIdle(s, leave)
		}
		return s, err
	})
}

// leaveWhenIdle ends the plugin when a signal asks for it, as the engine does with SIGINT when it
// has no more work. A signal in the middle of a change is for somebody else, like a Ctrl-C that
// reaches every process: the engine waits for the change, and what is made would be lost.
func leaveWhenIdle(s *server, leave func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	for range signals {
		if s.changes.Load() == 0 {
			leave()
		}
	}
}

// leaveWithEngine ends the plugin when the engine that started it is gone: a killed engine does
// not end its plugins.
func leaveWithEngine(kill func()) {
	engine := os.Getppid()
	for os.Getppid() == engine {
		time.Sleep(2 * time.Second)
	}
	kill()
	os.Exit(1)
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "pulumi-resource-aws:", err)
	os.Exit(1)
}
