/** The image of the web service: its name, and the folder that it is built from. */
export const webImage = { name: "web", context: "apps/web" } as const;
