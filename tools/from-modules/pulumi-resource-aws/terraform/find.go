package terraform

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sort"

	"github.com/blang/semver"
)

// Variable names the environment variable that says which Terraform provider to run.
const Variable = "PULUMI_AWS_TF_PROVIDER"

// Find gives the path of a Terraform AWS provider 5.x: the one that Variable names, or the newest
// where Terraform itself keeps its plugins and in file-system mirrors under /opt.
func Find() (string, error) {
	if path := os.Getenv(Variable); path != "" {
		_, err := os.Stat(path)
		if err != nil {
			err = fmt.Errorf("%s: %w", Variable, err)
		}
		return path, err
	}
	home, _ := os.UserHomeDir()
	roots := []string{
		filepath.Join(home, ".terraform.d/plugins"),
		filepath.Join(home, ".terraform.d/plugin-cache"),
		"/usr/local/share/terraform/plugins",
		"/usr/share/terraform/plugins",
		"/opt/*",
	}
	if cache := os.Getenv("TF_PLUGIN_CACHE_DIR"); cache != "" {
		roots = append(roots, cache)
	}
	var found []string
	for _, root := range roots {
		platform := runtime.GOOS + "_" + runtime.GOARCH
		matches, _ := filepath.Glob(filepath.Join(root,
			"registry.terraform.io/hashicorp/aws/5.*", platform, "terraform-provider-aws_v*"))
		found = append(found, matches...)
	}
	if len(found) == 0 {
		return "", fmt.Errorf("no Terraform AWS provider 5.x found. Put the release of "+
			"hashicorp/terraform-provider-aws for this platform under "+
			"~/.terraform.d/plugins/registry.terraform.io/hashicorp/aws/VERSION/%s_%s/ "+
			"(`terraform providers mirror` makes that tree), or set %s to its binary",
			runtime.GOOS, runtime.GOARCH, Variable)
	}
	sort.Slice(found, func(i, j int) bool { return versionOf(found[i]).LT(versionOf(found[j])) })
	return found[len(found)-1], nil
}

// versionOf reads the version from ".../aws/5.100.0/linux_amd64/terraform-provider-aws_v5.100.0_x5".
func versionOf(path string) semver.Version {
	v, _ := semver.Parse(filepath.Base(filepath.Dir(filepath.Dir(path))))
	return v
}
