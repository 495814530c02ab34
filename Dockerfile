# syntax=docker/dockerfile:1
# The gateway as an image: built where the compiler is, run where it is not, as nobody in particular. Everything that
# it writes goes to /data, so the rest may be read-only (docker-compose.yml runs it so).
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /sallyport
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY tools tools
COPY src src
RUN node tools/bootstrap.mjs build && npm prune --omit=dev --no-audit --no-fund

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production
WORKDIR /sallyport
COPY --from=build /sallyport/package.json ./
COPY --from=build /sallyport/node_modules node_modules
COPY --from=build /sallyport/dist dist
COPY tools tools
COPY policies policies
COPY policy-template policy-template
COPY policy-schemas policy-schemas
RUN ln -s /sallyport/tools/sallyport.mjs /usr/local/bin/sallyport \
	&& install -d -o node -g node -m 700 /data
USER node
WORKDIR /data
VOLUME /data
EXPOSE 8080 15432
# The control listener has a certificate whose name is not 127.0.0.1 here; that it answers is what is asked.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
	CMD ["node", "--no-warnings", "-e", "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'; fetch(process.env.SALLYPORT_HEALTH || 'https://127.0.0.1:8080/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["sallyport"]
CMD ["serve", "-c", "/etc/sallyport/sallyport.yaml"]
